// Start code, thread entry, memory routines and the remainder of floats for a program without libc, on aarch64 Linux. Assembled
// into the program's one object.

// A routine that other code calls by its name. In an object without `main` (the compiler sets .L_LIBRARY) it is hidden, weak and the
// same as in any other object, and goes when nobody calls it. A second name of a body follows as `also`.
    .macro routine name
.ifdef .L_LIBRARY
    .section .text.\name, "axG", %progbits, \name, comdat
.endif
    also \name
    .endm
    .macro also name
.ifdef .L_LIBRARY
    .weak \name
    .hidden \name
.else
    .globl \name
.endif
    .type \name, %function
    .endm

.ifndef .L_LIBRARY
    .text

// The kernel enters here with the argument count at [sp], the arguments, a null, the environment, a null and the auxiliary
// vector above it. `__janus_start` (std/rt) gets that address and does not come back. Before it `__janus_watch` does, in a program
// that has std/rt/watch.jan: the compiler then sets .L_WATCHED in front of this text.
    .globl _start
    .type _start, %function
_start:
    mov x29, xzr                    // the outermost frame: back traces end here
    mov x30, xzr
.ifdef .L_WATCHED
    mov x0, sp
    bl __janus_watch
.endif
    mov x0, sp
    bl __janus_start
    brk #1
    .size _start, . - _start
.endif

// What follows up to the remainders is Linux's.
.ifndef .L_FREESTANDING
// __janus_thread_clone(flags, stack_top, parent_tid, child_tid, entry, arg) -> isize
//   x0 flags of clone(2)           x3 child_tid: *u32
//   x1 stack_top: end of the new   x4 entry: func(*u8)
//      thread's stack              x5 arg: *u8
//   x2 parent_tid: *u32
// The parent gets the thread's id or a negative error number. The child calls entry(arg) on its own stack and then ends itself
// alone. The system call keeps all registers but x0. Order of the kernel's arguments here: flags, stack, parent_tid, tls
// (unused), child_tid.
    routine __janus_thread_clone
__janus_thread_clone:
    mov x9, x4
    mov x10, x5
    and x1, x1, #-16
    mov x4, x3
    mov x3, xzr
    mov x8, #220                    // clone
    svc #0
    cbz x0, 1f
    ret
1:
    mov x29, xzr
    mov x30, xzr
    mov x19, x9                     // the thread's own: nobody's registers are to be kept
    mov x20, x10
.ifdef .L_WATCHED
    bl __janus_watch_thread
.endif
    mov x0, x20
    blr x19
    mov x0, xzr
    mov x8, #93                     // exit: this thread alone
    svc #0
    brk #1
    .size __janus_thread_clone, . - __janus_thread_clone

// Where a signal handler returns to when its action names it as restorer (SA_RESTORER): asks the kernel to go on where the signal came.
// Never called; the kernel left on the stack what the call needs.
    routine __janus_sigreturn
__janus_sigreturn:
    mov x8, #139                    // rt_sigreturn
    svc #0
    brk #1
    .size __janus_sigreturn, . - __janus_sigreturn
.endif

// fmod(x, y) and fmodf(x, y), which `%` on floats becomes: the remainder of a division towards zero, exact. The mantissas are divided
// as integers of 53 bits; the exponent difference is taken down eleven bits a step, as many as fit above them.
//   x2, x3: magnitudes, then mantissas of x and y    w4, w5: their exponents    x6: sign of x
    routine fmod
    .p2align 4
fmod:
    fmov x0, d0
    fmov x1, d1
    and x6, x0, #0x8000000000000000
    and x2, x0, #0x7fffffffffffffff
    and x3, x1, #0x7fffffffffffffff
    mov x7, #0x7ff0000000000000
    cbz x3, 8f
    cmp x2, x7
    b.hs 8f                         // x is infinite or no number
    cmp x3, x7
    b.hi 8f                         // y is no number
    cmp x2, x3
    b.lo 9f                         // x itself
    lsr x4, x2, #52
    lsr x5, x3, #52
    mov x8, #0x0010000000000000     // the implicit bit
    and x2, x2, #0x000fffffffffffff
    and x3, x3, #0x000fffffffffffff
    cbz x4, 1f
    orr x2, x2, x8
    b 2f
1:
    clz x9, x2
    sub x9, x9, #11
    lsl x2, x2, x9
    mov x4, #1
    sub x4, x4, x9
2:
    cbz x5, 3f
    orr x3, x3, x8
    b 4f
3:
    clz x9, x3
    sub x9, x9, #11
    lsl x3, x3, x9
    mov x5, #1
    sub x5, x5, x9
4:
    sub x4, x4, x5                  // how many bits of the quotient are still to come
    udiv x9, x2, x3
    msub x2, x9, x3, x2
    mov x10, #11
5:
    cbz x2, 7f
    cbz x4, 6f
    cmp x4, #11
    csel x9, x4, x10, lo
    sub x4, x4, x9
    lsl x2, x2, x9
    udiv x9, x2, x3
    msub x2, x9, x3, x2
    b 5b
6:
    clz x9, x2
    sub x9, x9, #11
    lsl x2, x2, x9
    sub x5, x5, x9
    cmp x5, #0
    b.le 10f
    eor x2, x2, x8
    orr x2, x2, x5, lsl #52
    b 7f
10:
    mov x9, #1
    sub x9, x9, x5
    lsr x2, x2, x9
7:
    orr x2, x2, x6
    fmov d0, x2
    ret
8:
    fmul d0, d0, d1
    fdiv d0, d0, d0
9:
    ret
    .size fmod, . - fmod

// The remainder of two floats is a float, so the detour over doubles is exact.
    routine fmodf
fmodf:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    fcvt d0, s0
    fcvt d1, s1
    bl fmod
    fcvt s0, d0
    ldp x29, x30, [sp], #16
    ret
    .size fmodf, . - fmodf

// A host without Linux has these, as C compilers want them.
.ifndef .L_FREESTANDING
// void *memcpy(dst, src, n), void *memmove(dst, src, n): x0, x1, x2; one body, for moving is copying that looks first. Up to 32 bytes by
// two overlapping loads, so without a branch on the exact length; larger ones in steps of 32 from the end that is safe, with the other
// end's bytes loaded before anything is stored.
    routine memcpy
    also memmove
    .p2align 4
memcpy:
memmove:
    add x4, x1, x2                  // ends of the two
    add x5, x0, x2
    cmp x2, #16
    b.lo 3f
    cmp x2, #32
    b.hi 1f
    ldr q0, [x1]
    ldr q1, [x4, #-16]
    str q0, [x0]
    str q1, [x5, #-16]
    ret
1:
    sub x3, x0, x1
    cmp x3, x2                      // unsigned: below n only when dst lies inside src's bytes
    b.lo 5f
    ldp q2, q3, [x4, #-32]
    sub x5, x5, #32                 // where the last 32 bytes go
    mov x3, x0
2:
    ldp q0, q1, [x1], #32
    stp q0, q1, [x3], #32
    cmp x3, x5
    b.lo 2b
    stp q2, q3, [x5]
    ret
5:
    ldp q2, q3, [x1]
6:
    ldp q0, q1, [x4, #-32]!
    stp q0, q1, [x5, #-32]!
    sub x2, x2, #32
    cmp x2, #32
    b.hi 6b
    stp q2, q3, [x0]
    ret
3:
    tbz x2, #3, 7f
    ldr x6, [x1]
    ldr x7, [x4, #-8]
    str x6, [x0]
    str x7, [x5, #-8]
    ret
7:
    tbz x2, #2, 8f
    ldr w6, [x1]
    ldr w7, [x4, #-4]
    str w6, [x0]
    str w7, [x5, #-4]
    ret
8:
    cbz x2, 9f
    lsr x3, x2, #1                  // of 1, 2, 3 bytes: the first, the middle one, the last
    ldrb w6, [x1]
    ldrb w7, [x4, #-1]
    ldrb w8, [x1, x3]
    strb w6, [x0]
    strb w8, [x0, x3]
    strb w7, [x5, #-1]
9:
    ret
    .size memcpy, . - memcpy
    .size memmove, . - memmove

// void *memset(dst, byte, n): x0, w1, x2.
    routine memset
    .p2align 4
memset:
    add x4, x0, x2
    mov x3, x0
    cmp x2, #16
    b.lo 2f
    dup v0.16b, w1
    sub x4, x4, #16
1:
    str q0, [x3], #16
    cmp x3, x4
    b.lo 1b
    str q0, [x4]
    ret
2:
    cmp x3, x4
    b.hs 3f
    strb w1, [x3], #1
    b 2b
3:
    ret
    .size memset, . - memset

// int memcmp(a, b, n), int bcmp(a, b, n): x0, x1, x2. Eight bytes at a time; the first differing eight are compared as big-endian
// numbers, in which the first differing byte decides.
    routine memcmp
    also bcmp
    .p2align 4
memcmp:
bcmp:
    subs x2, x2, #8
    b.lo 2f
1:
    ldr x3, [x0], #8
    ldr x4, [x1], #8
    cmp x3, x4
    b.ne 4f
    subs x2, x2, #8
    b.hs 1b
2:
    adds x2, x2, #8
    b.eq 5f
3:
    ldrb w3, [x0], #1
    ldrb w4, [x1], #1
    subs w5, w3, w4
    b.ne 6f
    subs x2, x2, #1
    b.ne 3b
5:
    mov w0, #0
    ret
6:
    mov w0, w5
    ret
4:
    rev x3, x3
    rev x4, x4
    cmp x3, x4
    mov w0, #1
    cneg w0, w0, lo
    ret
    .size memcmp, . - memcmp
    .size bcmp, . - bcmp

// strlen(text) -> the number of bytes before the first zero.
    routine strlen
strlen:
    mov x1, x0
1:
    ldrb w2, [x1], #1
    cbnz w2, 1b
    sub x0, x1, x0
    sub x0, x0, #1
    ret
    .size strlen, . - strlen
.endif

    .section .note.GNU-stack, "", %progbits
    .text

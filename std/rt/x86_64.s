# Start code, thread entry, memory routines and the remainder of floats for a program without libc, on x86_64 Linux. Assembled into
# the program's one object.

# A routine that other code calls by its name. In an object without `main` (the compiler sets .L_LIBRARY) it is hidden, weak and the
# same as in any other object, and goes when nobody calls it. A second name of a body follows as `also`.
    .macro routine name
.ifdef .L_LIBRARY
    .section .text.\name, "axG", @progbits, \name, comdat
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
    .type \name, @function
    .endm

.ifndef .L_LIBRARY
    .text

# The kernel enters here with the argument count at (%rsp), the arguments, a null, the environment, a null and the auxiliary
# vector above it. `__janus_start` (std/rt) gets that address and does not come back. Before it `__janus_watch` does, in a program
# that has std/rt/watch.jan: the compiler then sets .L_WATCHED in front of this text.
    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp                 # the outermost frame: back traces end here
    movq %rsp, %rbx
    andq $-16, %rsp
.ifdef .L_WATCHED
    movq %rbx, %rdi
    call __janus_watch
.endif
    movq %rbx, %rdi
    call __janus_start
    ud2
    .size _start, . - _start
.endif

# What follows up to the remainders is Linux's.
.ifndef .L_FREESTANDING
# __janus_thread_clone(flags, stack_top, parent_tid, child_tid, entry, arg) -> isize
#   rdi flags of clone(2)           rcx child_tid: *u32
#   rsi stack_top: end of the new   r8  entry: func(*u8)
#       thread's stack              r9  arg: *u8
#   rdx parent_tid: *u32
# The parent gets the thread's id or a negative error number. The child calls entry(arg) on its own stack and then ends itself
# alone. The system call keeps all registers but rax, rcx and r11, so entry and arg cross it in r12 and r13, which the
# parent restores: they belong to its caller. Order of the kernel's arguments: flags rdi, stack rsi, parent_tid rdx,
# child_tid r10, tls r8 (unused).
    routine __janus_thread_clone
__janus_thread_clone:
    pushq %r12
    pushq %r13
    movq %r8, %r12
    movq %r9, %r13
    andq $-16, %rsi                 # so that the call below leaves the stack as a function expects it
    movq %rcx, %r10
    xorl %r8d, %r8d
    movl $56, %eax                  # clone
    syscall
    testq %rax, %rax
    jz 1f
    popq %r13
    popq %r12
    ret
1:
    xorl %ebp, %ebp
.ifdef .L_WATCHED
    call __janus_watch_thread
.endif
    movq %r13, %rdi
    call *%r12
    xorl %edi, %edi
    movl $60, %eax                  # exit: this thread alone
    syscall
    ud2
    .size __janus_thread_clone, . - __janus_thread_clone

# Where a signal handler returns to when its action names it as restorer (SA_RESTORER): asks the kernel to go on where the signal came.
# Never called; the kernel left on the stack what the call needs.
    routine __janus_sigreturn
__janus_sigreturn:
    movl $15, %eax                  # rt_sigreturn
    syscall
    ud2
    .size __janus_sigreturn, . - __janus_sigreturn
.endif

# fmod(x, y) and fmodf(x, y), which `%` on floats becomes: the remainder of a division towards zero, exact. fprem takes the exponent
# difference down in steps and says in C2 (bit 10 of the status word) whether it has to go on.
    routine fmod
fmod:
    subq $16, %rsp
    movsd %xmm0, 8(%rsp)
    movsd %xmm1, (%rsp)
    fldl (%rsp)
    fldl 8(%rsp)
1:
    fprem
    fnstsw %ax
    testb $4, %ah
    jnz 1b
    fstp %st(1)
    fstpl (%rsp)
    movsd (%rsp), %xmm0
    addq $16, %rsp
    ret
    .size fmod, . - fmod

    routine fmodf
fmodf:
    subq $8, %rsp
    movss %xmm0, 4(%rsp)
    movss %xmm1, (%rsp)
    flds (%rsp)
    flds 4(%rsp)
1:
    fprem
    fnstsw %ax
    testb $4, %ah
    jnz 1b
    fstp %st(1)
    fstps (%rsp)
    movss (%rsp), %xmm0
    addq $8, %rsp
    ret
    .size fmodf, . - fmodf

# A host without Linux has these, as C compilers want them.
.ifndef .L_FREESTANDING
# void *memcpy(dst, src, n), void *memmove(dst, src, n): rdi, rsi, rdx; one body, for moving is copying that looks first. Up to 32 bytes by
# two overlapping loads, so without a branch on the exact length; larger ones in steps of 32 from the end that is safe, with the other
# end's bytes loaded before anything is stored; from 1 KiB up, forward, by the string instruction.
    routine memcpy
    also memmove
    .p2align 4
memcpy:
memmove:
    movq %rdi, %rax
    cmpq $16, %rdx
    jb 3f
    cmpq $32, %rdx
    ja 1f
    movups (%rsi), %xmm0
    movups -16(%rsi,%rdx), %xmm1
    movups %xmm0, (%rdi)
    movups %xmm1, -16(%rdi,%rdx)
    ret
1:
    movq %rdi, %rcx
    subq %rsi, %rcx
    cmpq %rdx, %rcx                 # unsigned: below n only when dst lies inside src's bytes
    jb 5f
    cmpq $1024, %rdx
    jae 2f
    movups -32(%rsi,%rdx), %xmm2
    movups -16(%rsi,%rdx), %xmm3
    leaq -32(%rdi,%rdx), %r8        # where the last 32 bytes go
6:
    movups (%rsi), %xmm0
    movups 16(%rsi), %xmm1
    movups %xmm0, (%rdi)
    movups %xmm1, 16(%rdi)
    addq $32, %rsi
    addq $32, %rdi
    cmpq %r8, %rdi
    jb 6b
    movups %xmm2, (%r8)
    movups %xmm3, 16(%r8)
    ret
2:
    movq %rdx, %rcx
    rep movsb
    ret
5:
    movups (%rsi), %xmm2
    movups 16(%rsi), %xmm3
7:
    movups -16(%rsi,%rdx), %xmm0
    movups -32(%rsi,%rdx), %xmm1
    movups %xmm0, -16(%rdi,%rdx)
    movups %xmm1, -32(%rdi,%rdx)
    subq $32, %rdx
    cmpq $32, %rdx
    ja 7b
    movups %xmm2, (%rdi)
    movups %xmm3, 16(%rdi)
    ret
3:
    cmpq $8, %rdx
    jae 8f
    cmpq $4, %rdx
    jae 4f
    testq %rdx, %rdx
    jz 9f
    movzbl (%rsi), %ecx
    movzbl -1(%rsi,%rdx), %r8d
    cmpq $3, %rdx
    jne 10f
    movzbl 1(%rsi), %r9d
    movb %r9b, 1(%rdi)
10:
    movb %cl, (%rdi)
    movb %r8b, -1(%rdi,%rdx)
9:
    ret
4:
    movl (%rsi), %ecx
    movl -4(%rsi,%rdx), %r8d
    movl %ecx, (%rdi)
    movl %r8d, -4(%rdi,%rdx)
    ret
8:
    movq (%rsi), %rcx
    movq -8(%rsi,%rdx), %r8
    movq %rcx, (%rdi)
    movq %r8, -8(%rdi,%rdx)
    ret
    .size memcpy, . - memcpy
    .size memmove, . - memmove

# void *memset(dst, byte, n): rdi, esi, rdx.
    routine memset
    .p2align 4
memset:
    movq %rdi, %r8
    movzbl %sil, %eax
    cmpq $512, %rdx
    jae 2f
    cmpq $16, %rdx
    jb 1f
    movl $0x01010101, %ecx
    imull %ecx, %eax
    movd %eax, %xmm0
    pshufd $0, %xmm0, %xmm0
    leaq -16(%rdi,%rdx), %rcx
3:
    movups %xmm0, (%rdi)
    addq $16, %rdi
    cmpq %rcx, %rdi
    jb 3b
    movups %xmm0, (%rcx)
    movq %r8, %rax
    ret
1:
    testq %rdx, %rdx
    jz 4f
    movb %al, -1(%rdi,%rdx)
    decq %rdx
    jmp 1b
2:
    movq %rdx, %rcx
    rep stosb
4:
    movq %r8, %rax
    ret
    .size memset, . - memset

# int memcmp(a, b, n), int bcmp(a, b, n): rdi, rsi, rdx. Eight bytes at a time; the first differing eight are compared as big-endian
# numbers, in which the first differing byte decides.
    routine memcmp
    also bcmp
    .p2align 4
memcmp:
bcmp:
    subq $8, %rdx
    jb 2f
1:
    movq (%rdi), %rcx
    movq (%rsi), %r8
    cmpq %r8, %rcx
    jne 4f
    addq $8, %rdi
    addq $8, %rsi
    subq $8, %rdx
    jae 1b
2:
    addq $8, %rdx
    jz 5f
3:
    movzbl (%rdi), %eax
    movzbl (%rsi), %ecx
    subl %ecx, %eax
    jne 6f
    incq %rdi
    incq %rsi
    decq %rdx
    jnz 3b
5:
    xorl %eax, %eax
6:
    ret
4:
    bswapq %rcx
    bswapq %r8
    cmpq %r8, %rcx
    sbbl %eax, %eax                 # -1 when below, else 0
    orl $1, %eax
    ret
    .size memcmp, . - memcmp
    .size bcmp, . - bcmp

# strlen(text) -> the number of bytes before the first zero.
    routine strlen
strlen:
    movq %rdi, %rax
    decq %rax
1:
    incq %rax
    cmpb $0, (%rax)
    jne 1b
    subq %rdi, %rax
    ret
    .size strlen, . - strlen
.endif

    .section .note.GNU-stack, "", @progbits
    .text

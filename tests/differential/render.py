"""The two source files of one or more programs, and the main function that runs those whose numbers are its arguments.

They come in two forms. Ordinarily a program prints. As constants nothing can be printed: a program's test function writes its lines to
a log, whose value is a constant, so that the compiler runs the program; what the other functions show is worked out and dropped.
"""
STEP = "    "
SHOW = 'println($"'
HELPERS = """pub func nothing[T]() -> ?T do return null end
pub func unheard[T: Display](_line: T) do end
pub func seen[T](p: ?*T) -> ?*const T do return p end
pub func opened[T](v: T, holds: bool) -> !T do return closed(v, holds) end
error Closed { Refused }
func closed[T](v: T, holds: bool) -> T ! Closed do
    fail Closed.Refused when not holds
    return v
end"""
LOG = """struct Log { text: [8192]u8, len: usize }
func log[T: Display](to: *Log, line: T) do
    var w = fmt.writer_into(to.text[to.len..])
    fmt.write(&w, line)
    fmt.write_byte(&w, '\\n')
    assert(not fmt.failed(&w))
    to.len += fmt.written(&w).len
end
func show(l: *const Log) do
    print(l.text[..<l.len])
end"""


def declaration(types, decl):
    pub = "pub " if decl.module == "lib" else ""
    generics = f"[{', '.join('N: usize' if p == 'N' else p for p in decl.params)}]" if decl.params else ""
    if decl.kind == "errors":
        return f"{pub}error {decl.name} {{ {', '.join(name for name, _, _ in decl.variants)} }}"
    if decl.kind == "struct":
        fields = ", ".join(f"{pub}{name}: {type_.name}" for name, type_ in decl.fields)
        return f"{pub}{'unique ' if decl.unique else ''}struct {decl.name}{generics} {{ {fields} }}"
    variants = []
    for name, names, fields in decl.variants:
        if not fields:
            variants.append(name)
        elif names:
            variants.append(f"{name} {{ {', '.join(f'{n}: {f.name}' for n, f in zip(names, fields))} }}")
        else:
            variants.append(f"{name}({', '.join(field.name for field in fields)})")
    return f"{pub}enum {decl.name}{generics} {{ {', '.join(variants)} }}"


def digest_lines(types, type_, names):
    """The function that computes expressions.digest for the type."""
    def name_of(part):
        return names.get(part, "not_there")     # the reducer tries to do without

    factor, kind = "1099511627791", type_.kind
    head = f"func {names[type_]}(h: u64, v: {type_.name}) -> u64 do"
    if kind == "int":
        bits = "@bitcast[u64](v as i64)" if type_.signed else "v as u64"
        body = [f"return (h *% {factor}) ^ ({bits})"]
    elif kind == "plain":
        body = [f"return (h *% {factor}) ^ (v as u64)"]
    elif kind == "bool":
        body = [f"return (h *% {factor}) ^ (if v do 1 else 0 end)"]
    elif kind == "float":
        body = [f"return (h *% {factor}) ^ (if v == v do @bitcast[u64](v) else 7 end)"]
    elif kind == "str":
        body = ["var r = h", "for c in v do", f"{STEP}r = (r *% {factor}) ^ (c as u64)", "end",
                f"return (r *% {factor}) ^ (v.len as u64)"]
    elif kind == "array":
        body = ["var r = h", "for x in v do", f"{STEP}r = {name_of(type_.elem)}(r, x)", "end", "return r"]
    elif kind == "optional":
        body = [f"return match v {{ Some(x) => {name_of(type_.elem)}((h *% {factor}) ^ 1, x), null => (h *% {factor}) ^ 2 }}"]
    elif kind == "struct":
        body = ["var r = h"] + [f"r = {name_of(field)}(r, v.{name})" for name, field in types.fields(type_)] + ["return r"]
    else:
        body = ["var r = h", "match v {"]
        for index, (name, field_names, fields) in enumerate(types.variants(type_)):
            bound = [f"x{n}" for n in range(len(fields))]
            inside = ""
            if fields and field_names:
                inside = " { " + ", ".join(f"{n}: {b}" for n, b in zip(field_names, bound)) + " }"
            elif fields:
                inside = f"({', '.join(bound)})"
            body.append(f"{STEP}.{name}{inside} => do")
            body.append(f"{STEP * 2}r = (r *% {factor}) ^ {index + 3}")
            body += [f"{STEP * 2}r = {name_of(field)}(r, {b})" for field, b in zip(fields, bound)]
            body.append(f"{STEP}end,")
        body += ["}", "return r"]
    return [head, *(STEP + line for line in body), "end"]


def shown(lines, how):
    return [line.replace(SHOW, how) for line in lines]


def constant_lines(program):
    number = program.seed
    head, *body = shown(program.test.lines(), 'log(out, $"')
    return [head.replace("()", "(out: *Log)", 1), *body,
            f"func c{number}() -> Log do", f"{STEP}var out = Log {{ text: [0; 8192], len: 0 }}", f"{STEP}t{number}(&out)", f"{STEP}return out",
            "end", f"const R{number} = c{number}()"]


def module_lines(program, module, constants=False):
    lines = []
    for decl in program.decls:
        if decl.module == module:
            lines.append(declaration(program.types, decl))
    if module == "main":
        for name, type_, init in program.consts:
            lines.append(f"const {name}: {type_.name} = {init.text()}")
        for name, init in program.globals:
            lines.append(f"var {name}: {init.type.name} = {init.bare()}")
    for func in program.funcs:
        if func.module == module:
            lines += shown(func.lines(), 'unheard($"') if constants else func.lines()
    if module == "main":
        for type_ in program.digests:
            lines += digest_lines(program.types, type_, program.digests)
        lines += constant_lines(program) if constants else program.test.lines()
    return lines


def sources(programs, constants=False):
    """File name → text."""
    lib = HELPERS.split("\n")
    imported = ["nothing", "unheard", "seen", "opened"]
    main = []
    for program in programs:
        lib += module_lines(program, "lib", constants)
        imported += [decl.name for decl in program.decls if decl.module == "lib"]
        imported += [func.name for func in program.funcs if func.module == "lib" and not func.method]
        main += ["", f"// program {program.seed}", *module_lines(program, "main", constants)]
    head = [*(["use std.fmt"] if constants else []), "use std.os.args", f"use lib.{{{', '.join(imported)}}}", "",
            "func number(text: str) -> u64 do", f"{STEP}var n: u64 = 0", f"{STEP}for c in text do",
            f"{STEP * 2}n = n * 10 + (c - '0')", f"{STEP}end", f"{STEP}return n", "end", "",
            "func main() do", f"{STEP}for i in 1..<args.count() do", f"{STEP * 2}let n = number(args.get(i).?)",
            f'{STEP * 2}println($"program {{n}}")', f"{STEP * 2}match n {{"]
    call = "{0} => show(&R{0})," if constants else "{0} => t{0}(),"
    head += [STEP * 3 + call.format(program.seed) for program in programs]
    head += [f'{STEP * 3}else => println("no such program"),', f"{STEP * 2}}}", f"{STEP}end", "end"]
    if constants:
        head += ["", LOG]
    return {"main.jan": "\n".join(head + main) + "\n", "lib.jan": "\n".join(lib) + "\n"}

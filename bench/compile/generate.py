#!/usr/bin/env python3
"""Writes one program in Janus, C, Rust or Go: generate.py LANGUAGE LINES SEED > file.

The four are the same program, construct for construct: structs made, passed by address and returned, slices walked with
bounds checks (C has none), loops, branches, matches, calls between blocks, and a generic function per third block with two
instances (in C, which has no generics, two functions). Every function is used, so that no compiler may skip one. Line
counts are within a few percent of what is asked for; 0 lines are a program that only prints. All four print the same number.
"""
import random
import sys

JANUS = """
struct Item{i} {{
    x: i64,
    y: i64,
    weight: i32,
    active: bool,
}}

func make_{i}(seed: i64) -> Item{i} do
    let x = seed % 1000 + {a}
    let y = seed % 77 - {b}
    return Item{i} {{
        x: x,
        y: y,
        weight: {c},
        active: x > y,
    }}
end

func score_{i}(item: *const Item{i}) -> i64 do
    if not item.active do
        return 0
    end
    if item.x > {d} do
        return item.x * 3 + item.y
    else if item.y > {b} do
        return item.y * 2 - item.x
    end
    return item.weight as i64
end

func sum_{i}(values: []const i64, limit: usize) -> i64 do
    var total: i64 = 0
    var k: usize = 0
    while k < limit do
        let v = values[k]
        if v % 2 == 0 do
            total += v
        else
            total -= v / {c}
        end
        k += 1
    end
    return total
end

func step_{i}(n: i64, rounds: i64) -> i64 do
    var state = n
    var count: i64 = 0
    while count < rounds do
        match state % 4 {{
            0 => do
                state = state / 2 + {a}
            end,
            1 => do
                state = state + {b}
            end,
            2 => do
                state = state - count
            end,
            else => do
                state = state % {d} + 1
            end,
        }}
        count += 1
    end
    return state
end
"""
JANUS_GENERIC = """
func pick_{i}[T: Copy](first: T, second: T, which: bool) -> T do
    if which do
        return first
    end
    return second
end
"""
JANUS_BLOCK = """
func block_{i}(seed: i64) -> i64 do
    let item = make_{i}(seed)
    var values: [4]i64 = [0; 4]
    values[0] = item.x
    values[1] = item.y
    values[2] = {call}
    values[3] = seed
    let total = sum_{i}(&values, 4)
    return (score_{i}(&item) + step_{i}(total, {e}){pick}) % 100003
end
"""
JANUS_PICK = " + pick_{i}[i64](total, seed, total > {a}) + pick_{i}[i32]({a}, {b}, item.active) as i64"
JANUS_GROUP = ("\nfunc group_{g}(start: i64) -> i64 do\n    var total = start\n",
               "    total = (total + block_{i}(total)) % 1000003\n", "    return total\nend\n")
JANUS_MAIN = ("\nfunc main() do\n    var total: i64 = 7\n", "    total = group_{g}(total) + group_{g}(total + 1)\n",
              "    println(total)\nend\n")

C = """
typedef struct Item{i} {{
    int64_t x;
    int64_t y;
    int32_t weight;
    bool active;
}} Item{i};

static Item{i} make_{i}(int64_t seed) {{
    int64_t x = seed % 1000 + {a};
    int64_t y = seed % 77 - {b};
    return (Item{i}) {{
        .x = x,
        .y = y,
        .weight = {c},
        .active = x > y,
    }};
}}

static int64_t score_{i}(const Item{i} *item) {{
    if (!item->active) {{
        return 0;
    }}
    if (item->x > {d}) {{
        return item->x * 3 + item->y;
    }} else if (item->y > {b}) {{
        return item->y * 2 - item->x;
    }}
    return item->weight;
}}

static int64_t sum_{i}(const int64_t *values, size_t limit) {{
    int64_t total = 0;
    size_t k = 0;
    while (k < limit) {{
        int64_t v = values[k];
        if (v % 2 == 0) {{
            total += v;
        }} else {{
            total -= v / {c};
        }}
        k += 1;
    }}
    return total;
}}

static int64_t step_{i}(int64_t n, int64_t rounds) {{
    int64_t state = n;
    int64_t count = 0;
    while (count < rounds) {{
        switch (state % 4) {{
        case 0:
            state = state / 2 + {a};
            break;
        case 1:
            state = state + {b};
            break;
        case 2:
            state = state - count;
            break;
        default:
            state = state % {d} + 1;
            break;
        }}
        count += 1;
    }}
    return state;
}}
"""
C_GENERIC = """
static int64_t pick_{i}_long(int64_t first, int64_t second, bool which) {{
    if (which) return first;
    return second;
}}
static int32_t pick_{i}_int(int32_t first, int32_t second, bool which) {{
    if (which) return first;
    return second;
}}
"""
C_BLOCK = """
static int64_t block_{i}(int64_t seed) {{
    Item{i} item = make_{i}(seed);
    int64_t values[4] = {{0}};
    values[0] = item.x;
    values[1] = item.y;
    values[2] = {call};
    values[3] = seed;
    int64_t total = sum_{i}(values, 4);
    return (score_{i}(&item) + step_{i}(total, {e}){pick}) % 100003;
}}
"""
C_PICK = " + pick_{i}_long(total, seed, total > {a}) + pick_{i}_int({a}, {b}, item.active)"
C_GROUP = ("\nstatic int64_t group_{g}(int64_t start) {{\n    int64_t total = start;\n",
           "    total = (total + block_{i}(total)) % 1000003;\n", "    return total;\n}\n")
C_MAIN = ("\nint main(void) {\n    int64_t total = 7;\n", "    total = group_{g}(total) + group_{g}(total + 1);\n",
          "    printf(\"%lld\\n\", (long long)total);\n    return 0;\n}\n")
C_HEAD = "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n"

RUST = """
struct Item{i} {{
    x: i64,
    y: i64,
    weight: i32,
    active: bool,
}}

fn make_{i}(seed: i64) -> Item{i} {{
    let x = seed % 1000 + {a};
    let y = seed % 77 - {b};
    return Item{i} {{
        x: x,
        y: y,
        weight: {c},
        active: x > y,
    }};
}}

fn score_{i}(item: &Item{i}) -> i64 {{
    if !item.active {{
        return 0;
    }}
    if item.x > {d} {{
        return item.x * 3 + item.y;
    }} else if item.y > {b} {{
        return item.y * 2 - item.x;
    }}
    return item.weight as i64;
}}

fn sum_{i}(values: &[i64], limit: usize) -> i64 {{
    let mut total: i64 = 0;
    let mut k: usize = 0;
    while k < limit {{
        let v = values[k];
        if v % 2 == 0 {{
            total += v;
        }} else {{
            total -= v / {c};
        }}
        k += 1;
    }}
    return total;
}}

fn step_{i}(n: i64, rounds: i64) -> i64 {{
    let mut state = n;
    let mut count: i64 = 0;
    while count < rounds {{
        match state % 4 {{
            0 => {{
                state = state / 2 + {a};
            }}
            1 => {{
                state = state + {b};
            }}
            2 => {{
                state = state - count;
            }}
            _ => {{
                state = state % {d} + 1;
            }}
        }}
        count += 1;
    }}
    return state;
}}
"""
RUST_GENERIC = """
fn pick_{i}<T: Copy>(first: T, second: T, which: bool) -> T {{
    if which {{
        return first;
    }}
    return second;
}}
"""
RUST_BLOCK = """
fn block_{i}(seed: i64) -> i64 {{
    let item = make_{i}(seed);
    let mut values: [i64; 4] = [0; 4];
    values[0] = item.x;
    values[1] = item.y;
    values[2] = {call};
    values[3] = seed;
    let total = sum_{i}(&values, 4);
    return (score_{i}(&item) + step_{i}(total, {e}){pick}) % 100003;
}}
"""
RUST_PICK = " + pick_{i}::<i64>(total, seed, total > {a}) + pick_{i}::<i32>({a}, {b}, item.active) as i64"
RUST_GROUP = ("\nfn group_{g}(start: i64) -> i64 {{\n    let mut total = start;\n",
              "    total = (total + block_{i}(total)) % 1000003;\n", "    return total;\n}\n")
RUST_MAIN = ("\nfn main() {\n    let mut total: i64 = 7;\n", "    total = group_{g}(total) + group_{g}(total + 1);\n",
             "    println!(\"{}\", total);\n}\n")

GO = """
type Item{i} struct {{
	x      int64
	y      int64
	weight int32
	active bool
}}

func make_{i}(seed int64) Item{i} {{
	x := seed%1000 + {a}
	y := seed%77 - {b}
	return Item{i}{{
		x:      x,
		y:      y,
		weight: {c},
		active: x > y,
	}}
}}

func score_{i}(item *Item{i}) int64 {{
	if !item.active {{
		return 0
	}}
	if item.x > {d} {{
		return item.x*3 + item.y
	}} else if item.y > {b} {{
		return item.y*2 - item.x
	}}
	return int64(item.weight)
}}

func sum_{i}(values []int64, limit uint) int64 {{
	var total int64 = 0
	var k uint = 0
	for k < limit {{
		v := values[k]
		if v%2 == 0 {{
			total += v
		}} else {{
			total -= v / {c}
		}}
		k += 1
	}}
	return total
}}

func step_{i}(n int64, rounds int64) int64 {{
	state := n
	var count int64 = 0
	for count < rounds {{
		switch state % 4 {{
		case 0:
			state = state/2 + {a}
		case 1:
			state = state + {b}
		case 2:
			state = state - count
		default:
			state = state%{d} + 1
		}}
		count += 1
	}}
	return state
}}
"""
GO_GENERIC = """
func pick_{i}[T any](first T, second T, which bool) T {{
	if which {{
		return first
	}}
	return second
}}
"""
GO_BLOCK = """
func block_{i}(seed int64) int64 {{
	item := make_{i}(seed)
	values := [4]int64{{}}
	values[0] = item.x
	values[1] = item.y
	values[2] = {call}
	values[3] = seed
	total := sum_{i}(values[:], 4)
	return (score_{i}(&item) + step_{i}(total, {e}){pick}) % 100003
}}
"""
GO_PICK = " + pick_{i}[int64](total, seed, total > {a}) + int64(pick_{i}[int32]({a}, {b}, item.active))"
GO_GROUP = ("\nfunc group_{g}(start int64) int64 {{\n\ttotal := start\n",
            "\ttotal = (total + block_{i}(total)) % 1000003\n", "\treturn total\n}\n")
GO_MAIN = ("\nfunc main() {\n\tvar total int64 = 7\n", "\ttotal = group_{g}(total) + group_{g}(total + 1)\n",
           "\tfmt.Println(total)\n}\n")

LANGUAGES = {
    "janus": ("", JANUS, JANUS_GENERIC, JANUS_BLOCK, JANUS_PICK, JANUS_GROUP, JANUS_MAIN),
    "c": (C_HEAD, C, C_GENERIC, C_BLOCK, C_PICK, C_GROUP, C_MAIN),
    "rust": ("#![allow(warnings)]\n", RUST, RUST_GENERIC, RUST_BLOCK, RUST_PICK, RUST_GROUP, RUST_MAIN),
    "go": ("package main\n\nimport \"fmt\"\n", GO, GO_GENERIC, GO_BLOCK, GO_PICK, GO_GROUP, GO_MAIN),
}
# Lines of a Janus block with a third of a generic function, and the line in main.
LINES_PER_BLOCK = 82.3
GROUP = 50


def generate(language, lines, seed):
    head, functions, generic, block, pick, group, main = LANGUAGES[language]
    numbers = random.Random(seed)
    parts = [head]
    count = max(1, round(lines / LINES_PER_BLOCK)) if lines else 0
    for i in range(count):
        values = dict(i=i, a=numbers.randint(1, 400), b=numbers.randint(2, 60), c=numbers.randint(2, 9),
                      d=numbers.randint(100, 900), e=numbers.randint(2, 9))
        # Chains of calls, short enough to run in no time; no block is called from one place only, which would have it
        # inlined whatever its size.
        other = i - 1 if i % 10 else i - 10
        values["call"] = f"block_{other}(seed)" if i else "seed"
        is_generic = i % 3 == 0
        values["pick"] = pick.format(**values) if is_generic else ""
        parts.append(functions.format(**values))
        if is_generic:
            parts.append(generic.format(**values))
        parts.append(block.format(**values))
    groups = range((count + GROUP - 1) // GROUP)
    for g in groups:
        parts.append(group[0].format(g=g))
        parts += [group[1].format(i=i) for i in range(g * GROUP, min(count, (g + 1) * GROUP))]
        parts.append(group[2])
    parts.append(main[0])
    parts += [main[1].format(g=g) for g in groups]
    parts.append(main[2])
    return "".join(parts)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in LANGUAGES:
        sys.exit(__doc__.splitlines()[0])
    sys.stdout.write(generate(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

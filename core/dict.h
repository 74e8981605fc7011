/* SPDX-License-Identifier: MIT */
/* dict: interned strings, modules, functions and stacks. */
#ifndef CF_CORE_DICT_H
#define CF_CORE_DICT_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Handles are one-member structs, so that a function can't be passed for a stack. Id 0: the empty string, no
 * module, the empty stack. */
struct cf_str {
	uint32_t id;
};
struct cf_module {
	uint32_t id;
};
struct cf_func {
	uint32_t id;
}; /* from 1 */
struct cf_stack {
	uint32_t id;
};

enum cf_frame_kind {
	CF_FRAME_NATIVE,
	CF_FRAME_KERNEL,
	CF_FRAME_JIT,
	CF_FRAME_INLINED, /* of a stack node only; a function itself is never of this kind */
	CF_FRAME_SERVICE,
	CF_FRAME_UNRESOLVED
};
#define CF_FRAME_KINDS 6

/* "native", "kernel", "jit", "inlined", "service", "unresolved" */
const char *cf_frame_kind_name(enum cf_frame_kind kind);

struct cf_module_info {
	struct cf_str name; /* base name of the mapped path, "[kernel]" for the kernel proper, "[vdso]", ""
			       unknown */
	struct cf_str path; /* full path as mapped, or "" */
	struct cf_str build_id; /* lower-case hex, or "" */
};

struct cf_func_info {
	struct cf_module module;
	struct cf_str name; /* demangled; "[unresolved]" for kind unresolved */
	enum cf_frame_kind kind;
};

/* A node of the stack trie: caller < own id. Node 0 is the empty stack. */
struct cf_stack_info {
	struct cf_stack caller;
	struct cf_func func;
	enum cf_frame_kind kind;
};

struct cf_dict;

struct cf_dict *cf_dict_new(void);
void cf_dict_free(struct cf_dict *dict);

/* Interning: the same content gives the same handle. len < 0: NUL-terminated. Bytes are kept as they are. */
struct cf_str cf_dict_str(struct cf_dict *dict, const char *text, gssize len);
const char *cf_dict_text(const struct cf_dict *dict, struct cf_str str); /* borrowed, NUL-terminated */

/* Keyed by (path or name, build id). */
struct cf_module cf_dict_module(struct cf_dict *dict, struct cf_module_info info);
/* Keyed by (module's name, name, kind): two builds of one module in a run share a function of equal name. */
struct cf_func cf_dict_func(struct cf_dict *dict, struct cf_func_info info);
/* Another name for func. The caller sees to it that at last no two functions have the same key. */
void cf_dict_rename(struct cf_dict *dict, struct cf_func func, struct cf_str name);
struct cf_stack cf_dict_push(struct cf_dict *dict, struct cf_stack caller, struct cf_func callee,
			     enum cf_frame_kind kind);
/* The same for a caller who knows that this stack isn't there yet, which saves looking for it. */
struct cf_stack cf_dict_append(struct cf_dict *dict, struct cf_stack caller, struct cf_func callee,
			       enum cf_frame_kind kind);

uint32_t cf_dict_strs(const struct cf_dict *dict);    /* ids are 0..n-1 */
uint32_t cf_dict_modules(const struct cf_dict *dict); /* ids are 0..n-1 */
uint32_t cf_dict_funcs(const struct cf_dict *dict);   /* ids are 0..n-1; 0 is no function */
uint32_t cf_dict_stacks(const struct cf_dict *dict);  /* ids are 0..n-1 */
struct cf_module_info cf_dict_module_info(const struct cf_dict *dict, struct cf_module module);
struct cf_func_info cf_dict_func_info(const struct cf_dict *dict, struct cf_func func);
struct cf_stack_info cf_dict_stack_info(const struct cf_dict *dict, struct cf_stack stack);

/* Convenience: a function's name and its module's name. Borrowed. */
const char *cf_dict_func_name(const struct cf_dict *dict, struct cf_func func);
const char *cf_dict_func_module(const struct cf_dict *dict, struct cf_func func);

/*
 * The name that joins builds: clone suffixes (.cold, .part.0, .isra.1, .constprop.2, .lto_priv.3, .llvm.123),
 * Rust hashes (::h0123456789abcdef), recursion suffixes ('2) and what tells static functions of one name apart
 * (" (one.c)", " (2)") stripped, and parameters, since only overloads that are in use have them: what compares
 * by it takes overloads together. Caller frees.
 */
char *cf_canonical_name(const char *name);

#endif

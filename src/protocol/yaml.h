// yaml.h -- a YAML file as a tree of nodes that know where they stand.
//
// Scalars are text and nothing else: no truth values, no numbers (the reader of each key decides). What makes a file hard
// to read is refused: anchors and aliases, tags, keys that stand twice, several documents, keys that are not text. A file
// is UTF-8 (a byte order mark and CRLF are allowed), at most LIMIT_PROTOCOL_BYTES long and YAML_DEPTH_MAX deep.
// The nodes live in the arena given.
//
// One addition to YAML, since sources stand in brackets: in flow style a comma inside an open round bracket belongs to the
// text, so that {for: 7 d (P1, P3), next: home} says what it seems to say (up to YAML_PIECES_MAX commas).
#ifndef TONG_PROTOCOL_YAML_H
#define TONG_PROTOCOL_YAML_H

#include "base/err.h"
#include "base/limits.h"
#include "base/problem.h"

enum { YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 100000, YAML_MEMBERS_MAX = 2000, YAML_PIECES_MAX = 32 };

typedef enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP } yaml_kind;

struct yaml_node {
    yaml_kind kind;
    bool quoted;     // text in quotes or a block scalar: "~" in quotes is no null
    bool flow;       // a list or mapping in [ ] or { }
    struct str text; // of YAML_TEXT; NUL-terminated
    struct str key;  // under which it stands in a mapping; NUL-terminated; NULL elsewhere
    int32_t index;   // place in a list, from 1; 0 elsewhere
    const char *file;
    int32_t line, column;         // of the value, from 1, in characters
    int32_t key_line, key_column; // of the key; where there is none, those of the value
    size_t count;                 // members or entries
    struct yaml_node *parent, *first, *last, *next;
};

// Parse one file. All faults that can be found are added to `problems`; *root is set when none of them is an error.
// INVALID or NOMEM.
tong_code yaml_read(const char *file, struct str text, struct arena *arena, struct problem_list *problems,
                    struct yaml_node **root) TONG_MUST_USE;

// The member of a mapping, or NULL when there is none or the node is no mapping (or NULL itself).
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
struct yaml_node *yaml_find(const struct yaml_node *map, struct str key);
// `~`, `null` or nothing at all, not in quotes.
bool yaml_is_null(const struct yaml_node *node);
// The text of a scalar, trimmed; the empty text for anything else, a null and NULL.
struct str yaml_text(const struct yaml_node *node);
bool yaml_text_is(const struct yaml_node *node, const char *z);
// Walk entries, where a list of one may stand without its brackets:
//     for (const struct yaml_node *n = yaml_each(list); n != NULL; n = yaml_each_next(list, n))
// A list gives its entries, anything else but NULL and null itself. (Members of a mapping: n = map->first; n->next.)
const struct yaml_node *yaml_each(const struct yaml_node *list);
const struct yaml_node *yaml_each_next(const struct yaml_node *list, const struct yaml_node *entry);

// "pathways.contact.stages.home.sample.on[2]"; NULL when memory is short. "" for the root.
const char *yaml_path(const struct yaml_node *node, struct arena *arena);
// Where the value stands, and where its key does: for problems. The path is put into the arena.
struct problem_at yaml_at(const struct yaml_node *node, struct arena *arena);
struct problem_at yaml_at_key(const struct yaml_node *node, struct arena *arena);

// `over` laid upon `base`: mappings are merged, lists and texts replaced, a null removes. Both trees are used up; nodes
// keep the file and line they were written in. Returns the merged tree.
struct yaml_node *yaml_merge(struct yaml_node *base, struct yaml_node *over);
// Take a member out of a mapping; nothing happens when it is not there.
void yaml_remove(struct yaml_node *map, const char *key);

#endif

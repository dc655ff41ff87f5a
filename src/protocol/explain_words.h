// explain_words.h -- the words a protocol may use, as a reader of the language looks them up.
#ifndef TONG_PROTOCOL_EXPLAIN_WORDS_H
#define TONG_PROTOCOL_EXPLAIN_WORDS_H

#include "base/lang.h"
#include "base/sink.h"

#include <stdbool.h>
#include <stddef.h>

// Prints one list by its name, or all of them when `list` is NULL: "word  English  中文", under titles in `language`.
// False when there is no such list; nothing is then written.
bool explain_words(lang language, const char *list, struct sink *out);
void explain_word_lists(struct sink *out); // the names of the lists, separated by commas

// The conditions with an example of each as it stands in a file, "age_under: 14".
struct condition_example {
    const char *name, *example; // example without a source; the same as the name when it takes no value
    bool figure;                // the value is a figure and needs a source
    struct label label;
};
const struct condition_example *condition_examples(size_t *count);

#endif

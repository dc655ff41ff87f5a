// line_words.h -- the words of other people's files for exposures, specimens and tests, as words of the protocol
// language.
//
// A line list says "Hospital room" or "同病房" where a protocol says `ward`. The text is looked up as a word of the
// language first, then by the parts it contains, in the order of a table. What no row fits is not guessed: the caller
// is told.
#ifndef TONG_EXCHANGE_LINE_WORDS_H
#define TONG_EXCHANGE_LINE_WORDS_H

#include "protocol/words.h"

// Each gives WORD_UNKNOWN when the text is empty or nothing fits, else the word's number.
int32_t line_word_exposure(struct str text);
int32_t line_word_specimen(struct str text);
int32_t line_word_test(struct str text);

#endif

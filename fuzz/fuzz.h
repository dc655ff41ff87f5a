// fuzz.h -- the one function of a fuzz target: any bytes in, no crash, no leak, no undefined behaviour.
#ifndef TONG_FUZZ_FUZZ_H
#define TONG_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); // the name libFuzzer asks for; returns 0

#endif

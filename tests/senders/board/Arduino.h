// As much of a board as the library uses, on a computer: a clock that the test moves, and sockets for the network.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

extern uint32_t board_ms;
extern time_t board_clock;

inline uint32_t millis() { return board_ms; }
void delay(uint32_t ms);
inline time_t board_time(time_t*) { return board_clock; }
#define time board_time

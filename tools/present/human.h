/* Numbers for people: what a table shows in place of bytes, seconds and so on. */
#ifndef PRESENT_HUMAN_H
#define PRESENT_HUMAN_H

#include "present/output.h"

void human_bytes(struct output *output, uint64_t bytes);           /* 980K 1.2G 12.3M */
void human_seconds(struct output *output, double seconds);         /* 4.20 12:03 3:04:05 5d04h */
void human_whole_seconds(struct output *output, uint64_t seconds); /* 4 12:03 3:04:05 5d04h */
void human_ns(struct output *output, uint64_t ns); /* 850ns 12.3us 1.5ms 2.50s, then as above */
void human_percent(struct output *output, double percent); /* 12.3 */

/* In local time: 04:00:01 if that is on the day of `now`, else 2026-11-21. */
void human_time(struct output *output, uint64_t ns, uint64_t now_ns);

#endif

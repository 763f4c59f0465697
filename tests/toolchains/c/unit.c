// The same unit as ts/unit.mts, in C. There is no bindings generator for C in npm, so playhead.h is written by hand.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "playhead.h"

static uint32_t topic;
static uint64_t readings;
static uint64_t bytes;

static const char *note(void) {
  static char text[64];
  FILE *file = fopen("/data/note.txt", "r");
  if (file == NULL) return "none";
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  return text;
}

static int may_write(void) {
  FILE *file = fopen("/data/new.txt", "w");
  if (file == NULL) return 0;
  fclose(file);
  return 1;
}

EXPORT("playhead:sim/component@0.1.0#init")
unit_result *unit_init(unit_setting *settings, size_t count) {
  topic = bus_advertise("/sum");
  printf("c starts with %zu settings\n", count);
  const char *greeting = getenv("GREETING");
  printf("environment %s, note %s, may write %d\n", greeting == NULL ? "none" : greeting, note(), may_write());
  free(settings);
  return &unit_ok;
}

EXPORT("playhead:sim/component@0.1.0#step")
unit_result *unit_step(int64_t now) {
  packed_readings arrived = sensors_arrived_packed();
  readings += arrived.count;
  bytes += arrived.payloads_length;
  free(arrived.headers);
  free(arrived.payloads);

  struct timespec clock;
  clock_gettime(CLOCK_REALTIME, &clock);
  uint32_t random = 0;
  getentropy(&random, sizeof random);
  char message[160];
  int length = snprintf(message, sizeof message,
                        "{\"now\":%lld,\"readings\":%llu,\"bytes\":%llu,\"clockMs\":%lld,\"random\":%u}", (long long)now,
                        (unsigned long long)readings, (unsigned long long)bytes,
                        (long long)clock.tv_sec * 1000 + clock.tv_nsec / 1000000, random);
  bus_publish(topic, message, length);
  return &unit_ok;
}

// What the canonical ABI makes of the part of playhead:sim@0.1.0 that the unit uses (wit/deps/playhead-sim).
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(interface, name) __attribute__((import_module(interface), import_name(name)))

// result<_, string>
typedef struct {
  uint8_t is_error;
  const char *message;
  size_t length;
} unit_result;

static unit_result unit_ok = {0, NULL, 0};

// tuple<string, string>
typedef struct {
  char *key;
  size_t key_length;
  char *value;
  size_t value_length;
} unit_setting;

typedef struct {
  uint32_t count;
  uint8_t *headers;
  size_t headers_length;
  uint8_t *payloads;
  size_t payloads_length;
} packed_readings;

// result<topic, bus-error>: the error's largest case is a u64, so that everything after the tags starts at 8.
typedef struct {
  uint8_t is_error;
  union {
    uint32_t topic;
    struct {
      uint8_t tag;
      uint64_t value;
    } error;
  };
} bus_result;

IMPORT("playhead:sim/sensors@0.1.0", "arrived-packed")
void raw_arrived_packed(const uint32_t *sensors, size_t count, packed_readings *result);
IMPORT("playhead:sim/bus@0.1.0", "advertise")
void raw_advertise(const char *name, size_t length, bus_result *result);
IMPORT("playhead:sim/bus@0.1.0", "publish")
void raw_publish(uint32_t topic, const char *payload, size_t length, bus_result *result);

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t new_size) {
  (void)old_size;
  if (new_size == 0) return (void *)alignment;
  void *memory = realloc(old, new_size);
  if (memory == NULL) abort();
  return memory;
}

static packed_readings sensors_arrived_packed(void) {
  packed_readings result;
  raw_arrived_packed(NULL, 0, &result);
  return result;
}

static uint32_t bus_advertise(const char *name) {
  bus_result result;
  raw_advertise(name, strlen(name), &result);
  if (result.is_error) abort();
  return result.topic;
}

static void bus_publish(uint32_t topic, const char *payload, size_t length) {
  bus_result result;
  raw_publish(topic, payload, length, &result);
  if (result.is_error) abort();
}

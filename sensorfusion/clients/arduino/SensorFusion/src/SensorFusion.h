// Sends readings to a SensorFusion server, over any Arduino network client: WiFiClient, WiFiClientSecure, EthernetClient.
//
//   WiFiClient network;
//   SensorFusion server(network, "sensors.example.org", 80, "sf_...");
//
//   server.add("temperature", 21.4);
//   server.add("humidity", 60, 0);                 // decimals
//   server.add("pressure", 29.92, 2, "inHg");      // a unit of its own
//   if (!server.send()) Serial.println(server.trouble());
//
// Readings that cannot be sent are kept in memory and sent later, oldest first; when it is full, the oldest are dropped.
// A reading gets its time once, so that resending changes nothing. The time is the board's if its clock is set
// (configTime), and otherwise the server's, which is part of every answer.
#pragma once

#include <Arduino.h>
#include <Client.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef SENSORFUSION_READINGS
#define SENSORFUSION_READINGS 24  // maximum number of waiting readings; each takes SENSORFUSION_BYTES
#endif
#ifndef SENSORFUSION_BYTES
#define SENSORFUSION_BYTES 192  // maximum size of a reading's values as JSON: about eight quantities
#endif

class SensorFusion {
 public:
  // `path` is that of the server's address if it has one: "/sf" for https://example.org/sf.
  SensorFusion(Client& network, const char* host, uint16_t port, const char* key, const char* path = "")
      : network_(network), host_(host), port_(port), key_(key), path_(path) {}

  // Adds a quantity to the current reading; returns false if it does not fit.
  bool add(const char* quantity, double value, uint8_t decimals = 1, const char* unit = nullptr) {
    if (value != value || value > 4e9 || value < -4e9) return false;  // NaN, or beyond any measurement
    char number[20];
    writeNumber(number, value, decimals > 6 ? 6 : decimals);
    char item[96];
    const int length = unit ? snprintf(item, sizeof item, "\"%s\":{\"value\":%s,\"unit\":\"%s\"}", quantity, number, unit)
                            : snprintf(item, sizeof item, "\"%s\":%s", quantity, number);
    const size_t used = strlen(reading_);
    if (length >= (int)sizeof item || used + length + 2 > sizeof reading_) return false;
    snprintf(reading_ + used, sizeof reading_ - used, "%s%s", used ? "," : "", item);
    return true;
  }

  // Queues the current reading and sends all waiting ones; returns whether the queue is empty.
  bool send() {
    if (reading_[0]) keep();
    if (wait_ms_ && millis() - failed_at_ < wait_ms_) return waiting_ == 0;
    uint8_t most = SENSORFUSION_READINGS;
    if (waiting_ && !clockIsSet() && !server_ms_ && !ask("GET", 0)) return failed();  // only for the Date header
    while (waiting_) {
      const uint8_t count = waiting_ < most ? waiting_ : most;
      if (!ask("POST", count)) return failed();
      const bool is_too_large = status_ == 400 || status_ == 413;
      if (is_too_large && count > 1) {
        most = count / 2;
      } else if (is_too_large || ((status_ == 200 || status_ == 422) && strstr(answer_, "\"accepted\""))) {
        if (status_ != 200) refused_ += count;
        first_ = (first_ + count) % SENSORFUSION_READINGS;
        waiting_ -= count;
      } else {
        snprintf(trouble_, sizeof trouble_, "the server answered %d: %.80s", status_, answer_);
        return failed();
      }
    }
    trouble_[0] = 0;
    wait_ms_ = 0;
    return true;
  }

  uint8_t waiting() const { return waiting_; }
  uint32_t lost() const { return lost_; }        // readings that were dropped before they could be sent
  uint32_t refused() const { return refused_; }  // readings that the server refused; the sensor's page shows why
  const char* trouble() const { return trouble_; }

 private:
  struct Reading {
    uint64_t at_ms;  // 0: not known yet
    uint32_t taken_at;
    char values[SENSORFUSION_BYTES];
  };

  void keep() {
    if (waiting_ == SENSORFUSION_READINGS) {
      first_ = (first_ + 1) % SENSORFUSION_READINGS;
      --waiting_;
      ++lost_;
    }
    Reading& reading = nth(waiting_++);
    reading.taken_at = millis();
    reading.at_ms = nowMs(reading.taken_at);
    strcpy(reading.values, reading_);
    reading_[0] = 0;
  }

  Reading& nth(uint8_t n) { return readings_[(first_ + n) % SENSORFUSION_READINGS]; }

  bool failed() {
    failed_at_ = millis();
    const uint32_t longer = wait_ms_ ? wait_ms_ * 2 : 1000;
    wait_ms_ = longer > retry_ms_ ? longer : retry_ms_;
    if (wait_ms_ > 300000) wait_ms_ = 300000;
    return false;
  }

  // Sends the first `count` readings and reads the answer; returns false if there was none.
  bool ask(const char* method, uint8_t count) {
    retry_ms_ = 0;
    if (!network_.connect(host_, port_)) {
      snprintf(trouble_, sizeof trouble_, "no answer from %s", host_);
      return false;
    }
    writeRequest(method, count);
    const bool is_answered = readAnswer();
    network_.stop();
    if (!is_answered) snprintf(trouble_, sizeof trouble_, "%s hung up without an answer", host_);
    return is_answered;
  }

  void writeRequest(const char* method, uint8_t count) {
    size_t length = count ? strlen("{\"readings\":[]}") + count - 1 : 0;
    for (uint8_t n = 0; n < count; ++n) {
      Reading& reading = nth(n);
      if (!reading.at_ms) reading.at_ms = nowMs(reading.taken_at);
      length += strlen(head(reading)) + strlen(reading.values) + 2;
    }
    char number[16];
    snprintf(number, sizeof number, "%u", (unsigned)length);
    const char* parts[] = {method, " ", path_, "/api/v1/readings HTTP/1.0\r\nHost: ", host_,
                           "\r\nAuthorization: Bearer ", key_,
                           "\r\nContent-Type: application/json\r\nContent-Length: ", number, "\r\n\r\n"};
    for (const char* part : parts) say(part);
    if (!count) return;
    say("{\"readings\":[");
    for (uint8_t n = 0; n < count; ++n) {
      if (n) say(",");
      say(head(nth(n)));
      say(nth(n).values);
      say("}}");
    }
    say("]}");
  }

  void say(const char* text) { network_.write((const uint8_t*)text, strlen(text)); }

  // Formats the part before a reading's values, in a buffer of our own, because some boards cannot print 64 bits.
  const char* head(const Reading& reading) {
    if (!reading.at_ms) return "{\"values\":{";
    snprintf(head_, sizeof head_, "{\"observed_at\":%lu%03lu,\"values\":{", (unsigned long)(reading.at_ms / 1000),
             (unsigned long)(reading.at_ms % 1000));
    return head_;
  }

  // Reads status, headers and the beginning of the body. A line longer than the buffer is read as several and ignored.
  bool readAnswer() {
    char line[128];
    if (readLine(line, sizeof line) < 0 || strncmp(line, "HTTP/1.", 7)) return false;
    status_ = atoi(line + 9);
    long length = -1;
    int got;
    while ((got = readLine(line, sizeof line)) > 0) {
      if (!strncasecmp(line, "content-length:", 15)) length = atol(line + 15);
      if (!strncasecmp(line, "retry-after:", 12)) retry_ms_ = (uint32_t)atol(line + 12) * 1000;
      if (!strncasecmp(line, "date:", 5)) learnTime(line + 5);
    }
    if (got < 0) return false;
    size_t used = 0;
    for (int next; (length < 0 || (long)used < length) && used + 1 < sizeof answer_ && (next = readByte()) >= 0;) {
      answer_[used++] = (char)next;
    }
    answer_[used] = 0;
    return true;
  }

  int readLine(char* line, size_t size) {
    size_t used = 0;
    for (int next; (next = readByte()) >= 0;) {
      if (next == '\n' || used + 1 == size) {
        line[used] = 0;
        return (int)used;
      }
      if (next != '\r') line[used++] = (char)next;
    }
    return -1;
  }

  int readByte() {
    const uint32_t began = millis();
    while (!network_.available()) {
      if (!network_.connected() || millis() - began > 10000) return -1;
      delay(1);
    }
    return network_.read();
  }

  // Parses a date such as `Sun, 22 Nov 2026 06:00:00 GMT`.
  void learnTime(const char* date) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int day, year, hour, minute, second;
    char month[4];
    if (sscanf(date, " %*3s, %d %3s %d %d:%d:%d", &day, month, &year, &hour, &minute, &second) != 6) return;
    const char* found = strstr(months, month);
    if (!found) return;
    const uint64_t seconds = days(year, (int)(found - months) / 3 + 1, day) * 86400ULL + hour * 3600UL + minute * 60 + second;
    server_ms_ = seconds * 1000;
    server_at_ = millis();
  }

  // Counts the days from 1970 to a date of the Gregorian calendar.
  static uint32_t days(long year, long month, long day) {
    if (month < 3) {
      year -= 1;
      month += 12;
    }
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5 + day - 719469;
  }

  static bool clockIsSet() { return time(nullptr) > 1700000000; }  // November 2023; an unset clock says 1970 or 2000

  // Returns the time at an instant of millis(), or 0 if unknown. It increases with every call, because two readings of the
  // same instant would be merged.
  uint64_t nowMs(uint32_t at) {
    uint64_t now;
    if (clockIsSet()) {
      now = (uint64_t)time(nullptr) * 1000 - (uint32_t)(millis() - at);
    } else if (server_ms_) {
      now = server_ms_ + (int64_t)(int32_t)(at - server_at_);
    } else {
      return 0;
    }
    // If the clock was set back by more than a minute, it was wrong before and is right now.
    if (now <= last_ms_ && last_ms_ < now + 60000) now = last_ms_ + 1;
    return last_ms_ = now;
  }

  // Formats a number with decimals, without printf for floats, which some boards leave out.
  static void writeNumber(char* text, double value, uint8_t decimals) {
    uint32_t scale = 1;
    for (uint8_t n = 0; n < decimals; ++n) scale *= 10;
    const bool is_negative = value < 0;
    const double positive = is_negative ? -value : value;
    uint32_t whole = (uint32_t)positive;
    uint32_t part = (uint32_t)((positive - whole) * scale + 0.5);
    if (part >= scale) {
      part -= scale;
      ++whole;
    }
    const char* sign = is_negative && (whole || part) ? "-" : "";
    char* end = text + snprintf(text, 13, "%s%lu", sign, (unsigned long)whole);
    if (decimals) *end++ = '.';
    while (scale /= 10) *end++ = (char)('0' + part / scale % 10);
    *end = 0;
  }

  Client& network_;
  const char* host_;
  uint16_t port_;
  const char* key_;
  const char* path_;
  char reading_[SENSORFUSION_BYTES] = "";
  Reading readings_[SENSORFUSION_READINGS];
  uint8_t first_ = 0, waiting_ = 0;
  uint32_t lost_ = 0, refused_ = 0, wait_ms_ = 0, failed_at_ = 0, retry_ms_ = 0, server_at_ = 0;
  uint64_t server_ms_ = 0, last_ms_ = 0;
  int status_ = 0;
  char answer_[160] = "", trouble_[128] = "", head_[48];
};

// An ESP32 or ESP8266 that sends a temperature every minute. Fill in the four lines below.
#ifdef ESP8266
#include <ESP8266WiFi.h>
#else
#include <WiFi.h>
#endif
#include <SensorFusion.h>

const char* WIFI_NAME = "...";
const char* WIFI_PASSWORD = "...";
const char* HOST = "192.168.1.10";  // the server, with its port below
const char* KEY = "sf_...";         // the sensor's key

WiFiClient network;  // with https: WiFiClientSecure, network.setCACert(...), port 443
SensorFusion server(network, HOST, 8000, KEY);

float readTemperature() { return 21.4; }  // read your sensor here

void setup() {
  Serial.begin(115200);
  WiFi.mode(WIFI_STA);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);  // reconnects by itself
  configTime(0, 0, "pool.ntp.org");      // optional: the server sends the time too
}

void loop() {
  server.add("temperature", readTemperature());
  server.add("signal_strength", WiFi.RSSI(), 0);
  if (!server.send()) Serial.println(server.trouble());
  delay(60000);
}

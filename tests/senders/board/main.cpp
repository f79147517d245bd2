// A board that does what its standard input says, line by line, and prints what came of each `send`.
#include <SensorFusion.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

uint32_t board_ms = 4294967000u;  // just before millis() begins again
time_t board_clock = 0;
void delay(uint32_t ms) {
  board_ms += ms;
  usleep(ms * 1000);
}

class SocketClient : public Client {
 public:
  bool is_online = true;
  int connect(const char* host, uint16_t port) override {
    stop();
    if (!is_online) return 0;
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);
    link_ = socket(AF_INET, SOCK_STREAM, 0);
    return ::connect(link_, (sockaddr*)&address, sizeof address) == 0;
  }
  size_t write(const uint8_t* data, size_t size) override {
    const ssize_t sent = ::send(link_, data, size, MSG_NOSIGNAL);
    return sent < 0 ? 0 : (size_t)sent;
  }
  int available() override {
    int bytes = 0;
    return ioctl(link_, FIONREAD, &bytes) == 0 ? bytes : 0;
  }
  int read() override {
    uint8_t byte;
    return recv(link_, &byte, 1, 0) == 1 ? byte : -1;
  }
  void stop() override {
    if (link_ >= 0) close(link_);
    link_ = -1;
  }
  uint8_t connected() override {
    uint8_t byte;
    return link_ >= 0 && recv(link_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
  }

 private:
  int link_ = -1;
};

int main(int count, char** arguments) {
  SocketClient network;
  SensorFusion server(network, arguments[1], (uint16_t)atoi(arguments[2]), arguments[3], count > 4 ? arguments[4] : "");
  char line[128], quantity[64], unit[16];
  double value;
  unsigned decimals;
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "add %63s %lf %u %15s", quantity, &value, &decimals, unit) == 4) {
      printf("%d\n", server.add(quantity, value, (uint8_t)decimals, unit));
    } else if (sscanf(line, "add %63s %lf %u", quantity, &value, &decimals) == 3) {
      printf("%d\n", server.add(quantity, value, (uint8_t)decimals));
    } else if (sscanf(line, "clock %lf", &value) == 1) {
      board_clock = (time_t)value;
    } else if (sscanf(line, "later %lf", &value) == 1) {
      board_ms += (uint32_t)value;
      if (board_clock) board_clock += (time_t)(value / 1000);
    } else if (!strncmp(line, "offline", 7) || !strncmp(line, "online", 6)) {
      network.is_online = line[1] == 'n';
    } else if (!strncmp(line, "send", 4)) {
      const bool is_done = server.send();
      printf("%d waiting %u lost %u refused %u: %s\n", is_done, server.waiting(), (unsigned)server.lost(),
             (unsigned)server.refused(), server.trouble());
    }
    fflush(stdout);
  }
}

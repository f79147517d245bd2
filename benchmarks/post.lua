-- Requests for wrk: the same as benchmarks/bodies.py makes, one reading each, the sensors taking turns.
-- Arguments: the head of a request (with %KEY%), the body before and after the instant, then the keys.
local heads, before, after = {}, nil, nil
local number, second, text = 0, 0, ""

function init(arguments)
   before, after = arguments[2], arguments[3]
   for place = 4, #arguments do
      local key = arguments[place]
      heads[#heads + 1] = arguments[1]:gsub("%%KEY%%", function() return key end)
   end
   second = os.time()
   text = os.date("!%Y-%m-%dT%H:%M:%S", second)
end

function request()
   number = number + 1
   local micros = number * 100
   local at = second + math.floor(micros / 1000000)
   if micros % 1000000 == 0 then text = os.date("!%Y-%m-%dT%H:%M:%S", at) end
   return heads[number % #heads + 1] .. before .. text .. string.format(".%06dZ", micros % 1000000) .. after
end

function done(summary, latency, requests)
   io.write(string.format(
      'RESULT {"seconds":%f,"answers":%d,"accepted":%d,"p50_ms":%f,"p99_ms":%f,"bad":%d,"errors":%d}\n',
      summary.duration / 1e6, summary.requests, summary.requests - summary.errors.status,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.errors.status,
      summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end

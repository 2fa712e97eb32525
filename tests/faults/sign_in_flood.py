"""Wrong passwords at an even rate from many networks of loopback, and one official who signs in meanwhile.

sign_in_flood.py PORT COUNT SECONDS: prints how many got which status, and how long the official's right password took.
"""
import collections
import http.client
import sys
import threading
import time
import urllib.parse

PORT, COUNT, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
THREADS, SOURCES = 40, 200
statuses = collections.Counter()
lock = threading.Lock()
begin = time.monotonic()


def post(source, password, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=timeout, source_address=(source, 0))
    body = urllib.parse.urlencode({"/login": "holder", "/password": password})
    try:
        connection.request("POST", "/en/officials/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def flood(first):
    for i in range(first, COUNT, THREADS):
        time.sleep(max(0, begin + SECONDS * i / COUNT - time.monotonic()))
        status = post(f"127.1.{i % SOURCES // 100}.{i % 100 + 1}", "wrong password %d" % i)
        with lock:
            statuses[status] += 1


threads = [threading.Thread(target=flood, args=(i,)) for i in range(THREADS)]
for thread in threads:
    thread.start()
# In the thick of it, from the network where the account was set up, as often as it takes.
time.sleep(SECONDS / 2)
tries, started, status = 0, time.monotonic(), 0
while status != 303 and tries < 20:
    tries += 1
    status = post("127.0.0.1", "correct horse battery")
    if status != 303:
        time.sleep(1)
print(f"holder {status} tries {tries} seconds {time.monotonic() - started:.1f}")
for thread in threads:
    thread.join()
print("statuses " + " ".join(f"{status}:{count}" for status, count in sorted(statuses.items())))

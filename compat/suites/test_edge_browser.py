"""A browser under signed cookies: it plays a playlist of HLS as a player does, with `fetch` and nothing else of its own."""

import json
import re
import shutil
import subprocess

import pytest

import keys
from distributions import behavior, counted
from server import PATIENCE, clean_environment
from signing import Key, date, encode

SEGMENTS = 5
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n" + "".join(
    f"#EXTINF:4,\nsegment-{number}.ts\n" for number in range(SEGMENTS)
) + "#EXT-X-ENDLIST\n"
# What hls.js does of a playlist: it reads it, then its segments one after the other, with credentials.
PLAYER = """<!doctype html><title>player</title><pre id="told">nothing</pre><script>
const told = [], tell = (line) => { told.push(line); document.getElementById('told').textContent = told.join('|'); };
const get = (url) => fetch(url, { credentials: 'include' });
(async () => {
  tell('without ' + (await get('/hls/index.m3u8')).status);
  for (const cookie of COOKIES) document.cookie = cookie + '; path=/';
  const playlist = await get('/hls/index.m3u8');
  tell('with ' + playlist.status);
  let bytes = 0;
  for (const line of (await playlist.text()).split('\\n').filter((line) => line && !line.startsWith('#'))) {
    bytes += (await (await get('/hls/' + line)).arrayBuffer()).byteLength;
  }
  const part = await fetch('/hls/segment-0.ts', { credentials: 'include', headers: { Range: 'bytes=100-199' } });
  tell('bytes ' + bytes + ' part ' + part.status + ' ' + (await part.arrayBuffer()).byteLength);
  tell('elsewhere ' + (await get('/other/secret')).status);
  tell('end');
})().catch((error) => tell('failed ' + error));
</script>"""


@pytest.fixture
def browser():
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if not program:
        pytest.skip("no Chromium is installed: no browser was a viewer")
    return program


def told(browser, url, folder):
    """What the page at a URL tells once its script has come to its end."""
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}",
        "--no-proxy-server", "--virtual-time-budget=30000", "--dump-dom", url,
    ]
    page = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * 3, env=clean_environment())
    found = re.search(r'<pre id="told">([^<]*)</pre>', page.stdout)
    assert found, page.stdout + page.stderr
    return found[1].split("|")


@pytest.mark.timeout(180)
def test_a_browser_plays_what_its_cookies_are_for(edge, browser, tmp_path):
    key = Key(tmp_path / "key", "rsa")
    key.id = edge.control.create_public_key(PublicKeyConfig={
        "CallerReference": "browser", "Name": "browser", "EncodedKey": key.public.read_text(),
    })["PublicKey"]["Id"]
    trusted = {"TrustedKeyGroups": {"Enabled": True, **counted(keys.new_key_group(edge.control, [key.id]))}}
    site = edge.new_site(
        DefaultCacheBehavior=behavior(**trusted), CacheBehaviors=counted(behavior(PathPattern="/open/*"))
    )
    # Browsers take every name below localhost for this machine.
    base = f"http://{site.id}.localhost:{edge.port}"
    policy = (
        f'{{"Statement":[{{"Resource":"{base}/hls/*","Condition":'
        f'{{"DateLessThan":{{"AWS:EpochTime":{int(date(4_102_444_800).timestamp())}}}}}}}]}}'
    )
    cookies = [
        f"CloudFront-Policy={encode(policy.encode())}", f"CloudFront-Key-Pair-Id={key.id}",
        f"CloudFront-Signature={encode(key.sign(policy.encode(), 'sha1'))}",
    ]
    media = {"Cache-Control": "max-age=60"}
    edge.origin.serve((200, {**media, "Content-Type": "application/vnd.apple.mpegurl"}, PLAYLIST.encode()), "/hls/index.m3u8")
    for number in range(SEGMENTS):
        edge.origin.serve((200, {**media, "Content-Type": "video/mp2t"}, bytes([number]) * 50_000), f"/hls/segment-{number}.ts")
    player = PLAYER.replace("COOKIES", json.dumps(cookies))
    edge.origin.serve((200, {"Content-Type": "text/html"}, player.encode()), "/open/player.html")
    expected = ["without 403", "with 200", "bytes 250000 part 206 100", "elsewhere 403", "end"]
    assert told(browser, f"{base}/open/player.html", tmp_path / "profile") == expected
    # A second viewer gets all of it from the cache.
    asked = len(edge.origin.asked_for("/hls/segment-1.ts"))
    assert told(browser, f"{base}/open/player.html", tmp_path / "another") == expected
    assert len(edge.origin.asked_for("/hls/segment-1.ts")) == asked == 1

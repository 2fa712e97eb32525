"""A finished page (standard input, UTF-8) as a tagged PDF (standard output). Fetches nothing but data: addresses, and
reads no file but fonts; what else keeps it from that is server/process/program.h's."""
import sys

from weasyprint import HTML, default_url_fetcher


def fetch(url, timeout=10, ssl_context=None):
    if not url.startswith('data:'):
        raise ValueError('refused')
    return default_url_fetcher(url)


page = HTML(string=sys.stdin.buffer.read().decode('utf-8'), url_fetcher=fetch, base_url=None)
sys.stdout.buffer.write(page.write_pdf(variant='pdf/ua-1'))

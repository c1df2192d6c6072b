// A browser without script, for pages that need none: cookies by host, redirects, and the first form that has a field.
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';

const mostRedirects = 20;

export class Browser {
  #cookies = [];

  /** Follows redirects; answers the last page. */
  async open(address, { method = 'GET', form } = {}) {
    let url = new URL(address);
    let answer = await this.#send(url, { method, form });
    for (let count = 0; answer.location !== undefined; count += 1) {
      if (count === mostRedirects) throw new Error(`more than ${mostRedirects} redirects, the last to ${url}`);
      url = new URL(answer.location, url);
      answer = await this.#send(url, { method: 'GET' });
    }
    return { url, ...answer };
  }

  /** Presses the button of the form that has a field of this name. */
  submit(page, name, values) {
    const forms = [...page.text.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)];
    const found = forms.find(([, , body]) => body.includes(` name="${name}"`));
    if (found === undefined) throw new Error(`no form with ${name} at ${page.url} (${page.status}): ${textOf(page)}`);
    const [, head, body] = found;
    const hidden = [...body.matchAll(/<input type="hidden"([^>]*)>/g)].map(([, attributes]) => [
      attributeOf(attributes, 'name'),
      attributeOf(attributes, 'value'),
    ]);
    const form = { ...Object.fromEntries(hidden), ...values };
    return this.open(new URL(attributeOf(head, 'action'), page.url), { method: 'POST', form });
  }

  async #send(url, { method, form }) {
    const cookie = this.#cookies
      .filter(({ host, path }) => host === url.hostname && isBelow(url.pathname, path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { accept: 'text/html,*/*', ...(cookie && { cookie }) };
    const answer = await request(url, { method, headers, form });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(url, line);
    const isRedirect = answer.status >= 300 && answer.status < 400;
    return { status: answer.status, location: isRedirect ? answer.headers.location : undefined, text: answer.text };
  }

  #keep(url, line) {
    const [pair, ...attributes] = line.split(/; */);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const of = (wanted) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = of('path') ?? '/';
    this.#cookies = this.#cookies.filter((one) => one.name !== name || one.path !== path || one.host !== url.hostname);
    const isGone = value === '' || of('max-age') === '0' || Date.parse(of('expires') ?? '') < Date.now();
    if (!isGone) this.#cookies.push({ host: url.hostname, name, value, path });
  }
}

/** Not `fetch`: its `Sec-Fetch-Mode` says that no page is wanted, and some clients then refuse rather than redirect. */
async function request(url, { method, headers, form }) {
  const body = form && new URLSearchParams(form).toString();
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = http.request(url, { method, headers: { ...headers, ...type } });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

const isBelow = (pathname, path) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);

const attributeOf = (attributes, name) =>
  (new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** What a person would read of a page, shortened for a report. */
export const textOf = ({ text }) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);

import type { RunningServer } from './running-server.ts';

/** One answer as a browser without script sees it. */
export type Page = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly forms: readonly PageForm[];
};

export type PageForm = {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly names: readonly string[];
};

type Cookie = { readonly name: string; readonly value: string; readonly path: string; readonly header: string };

/** Moves through the pages over HTTP with a cookie jar; stops where a redirect leaves the server. */
export class WebVisitor {
  private cookies: Cookie[] = [];
  protected server: RunningServer;
  /** Every `Set-Cookie` header that was answered. */
  readonly setCookies: string[] = [];
  private readonly userAgent: string | undefined;
  /** What the proxy before the server says of where they are. */
  private readonly forwardedFor: string | undefined;

  constructor(server: RunningServer, { userAgent, forwardedFor }: { userAgent?: string; forwardedFor?: string } = {}) {
    this.server = server;
    this.userAgent = userAgent;
    this.forwardedFor = forwardedFor;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.walk(url, { method: 'GET', headers });
  }

  post(url: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    return this.walk(url, { method: 'POST', body: new URLSearchParams(fields), headers: {} });
  }

  /** Fills the form that has a field or button of this name, as a person would, and sends it. */
  submit(page: Page, name: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    const form = formWith(page, name);
    return this.post(new URL(form.action, page.url).href, { ...form.hidden, ...fields });
  }

  signIn(page: Page, username: string, password: string): Promise<Page> {
    return this.submit(page, 'username', { username, password });
  }

  /** The cookie's value as it would be sent to this path. */
  cookie(name: string, path = '/'): string | undefined {
    return this.cookiesFor(path).find((cookie) => cookie.name === name)?.value;
  }

  plant(name: string, value: string, path = '/'): void {
    this.keep(`${name}=${value}; path=${path}`, path);
  }

  /** One request, redirects not followed. */
  async request(url: string, init: { method: string; body?: URLSearchParams; headers?: Record<string, string> }) {
    const target = new URL(url, this.server.issuer);
    const path = target.pathname + target.search;
    const cookie = this.cookiesFor(target.pathname)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const answer = await fetch(this.server.origin + path, {
      ...init,
      redirect: 'manual',
      headers: {
        Accept: 'text/html',
        ...(cookie === '' ? {} : { Cookie: cookie }),
        ...(this.userAgent === undefined ? {} : { 'User-Agent': this.userAgent }),
        ...(this.forwardedFor === undefined ? {} : { 'X-Forwarded-For': this.forwardedFor }),
        ...init.headers,
      },
    });
    for (const header of answer.headers.getSetCookie()) {
      this.setCookies.push(header);
      this.keep(header, target.pathname);
    }
    return { answer, url: target.href };
  }

  private async walk(first: string, init: { method: string; body?: URLSearchParams; headers: Record<string, string> }) {
    let { answer, url } = await this.request(first, init);
    for (let hops = 0; answer.status === 303 || answer.status === 302; hops += 1) {
      if (hops > 10) throw new Error(`too many redirects, last ${url}`);
      const next = new URL(answer.headers.get('Location') ?? '', url);
      if (next.origin !== this.server.issuer) return pageOf(answer, next.href, '');
      ({ answer, url } = await this.request(next.href, { method: 'GET', headers: init.headers }));
    }
    return pageOf(answer, url, await answer.text());
  }

  private cookiesFor(path: string): Cookie[] {
    return this.cookies.filter(
      (cookie) => path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
    );
  }

  private keep(header: string, requestPath: string): void {
    const [pair = '', ...attributes] = header.split(/; */);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const given = attributes.find((attribute) => /^path=/i.test(attribute))?.slice('path='.length);
    const path = given ?? (requestPath.replace(/\/[^/]*$/, '') || '/');
    this.cookies = this.cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length);
    if (value === '' || (expires !== undefined && Date.parse(expires) <= 0)) return;
    this.cookies.push({ name, value, path, header });
  }
}

export function formWith(page: Page, name: string): PageForm {
  const form = page.forms.find(({ names }) => names.includes(name));
  if (!form) throw new Error(`no form with ${name} at ${page.url} (${page.status}): ${titleOf(page)}`);
  return form;
}

export const titleOf = (page: Page): string => decode(/<title>([^<]*)<\/title>/.exec(page.html)?.[1] ?? '');

function pageOf(answer: Response, url: string, html: string): Page {
  return { url, status: answer.status, headers: answer.headers, html, forms: formsOf(html) };
}

function formsOf(html: string): PageForm[] {
  return [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = '', body = '']) => {
    const fields = [...body.matchAll(/<(?:input|button)([^>]*)>/g)].map(([, attributes = '']) => ({
      name: attributeOf(attributes, 'name'),
      value: attributeOf(attributes, 'value') ?? '',
      isHidden: attributeOf(attributes, 'type') === 'hidden',
    }));
    const named = fields.flatMap(({ name, ...rest }) => (name === undefined ? [] : [{ name, ...rest }]));
    return {
      action: attributeOf(head, 'action') ?? '',
      hidden: Object.fromEntries(named.filter((field) => field.isHidden).map(({ name, value }) => [name, value])),
      names: named.map(({ name }) => name),
    };
  });
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : decode(value);
}

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

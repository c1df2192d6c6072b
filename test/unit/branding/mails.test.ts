import { describe, expect, it } from '@jest/globals';
import type { BrandingSettings } from '../../../src/domain/branding/branding.ts';
import { createBrandingLookup } from '../../../src/domain/branding/branding-lookup.ts';
import { contrast } from '../../../src/domain/branding/colour.ts';
import type { MailFacts, PreparedMail, StrangerFacts } from '../../../src/domain/lifecycle/prepare-mail.ts';
import { keptAttributes, type User } from '../../../src/domain/users/user.ts';
import { userInput } from '../../../src/domain/users/user-input.ts';
import { createMailWriter } from '../../../src/endpoints/mail/write-mail.ts';
import { createCatalogue } from '../../../views/messages/catalogue.ts';
import { languageNames } from '../../../views/messages/languages.ts';

const at = new Date('2026-11-25T17:38:00Z');
const token = 'Zx81';
const notice = { at, notMeToken: token };
const link = { token, lifetimeSeconds: 1800 };
const addresses = { formerAddress: 'alice@example.org', newAddress: 'a@example.net' };

/** Every kind of mail there is: a new one does not compile until it is here. */
const toPeople: { readonly [Kind in MailFacts['kind']]: MailFacts & { readonly kind: Kind } } = {
  recovery: { kind: 'recovery', ...link },
  invitation: { kind: 'invitation', ...link },
  factor_recovery_ready: { kind: 'factor_recovery_ready', ...link },
  verify_email: { kind: 'verify_email', address: 'alice@example.org', ...link },
  password_changed: { kind: 'password_changed', by: 'self', ...notice },
  second_factor_changed: { kind: 'second_factor_changed', change: 'totp_added', ...notice },
  passkey_changed: { kind: 'passkey_changed', change: 'added', name: 'My laptop', ...notice },
  email_change: { kind: 'email_change', side: 'new', ...addresses, ...link },
  email_changed: { kind: 'email_changed', formerAddress: 'alice@example.org', at, undo: { token, until: at } },
  email_sign_in: { kind: 'email_sign_in', code: '12345678', link: { interaction: 'uid', token }, lifetimeSeconds: 600 },
  factor_recovery_started: { kind: 'factor_recovery_started', token, ripeAt: at, at, isReminder: false },
  administrator_recovered: { kind: 'administrator_recovered', recoveredUserName: 'root', at },
  new_device: { kind: 'new_device', userAgent: null, ipAddress: '2001:db8::1', ...notice },
  new_place: { kind: 'new_place', userAgent: null, ipAddress: '2001:db8::1', ...notice },
};
const toStrangers: { readonly [Kind in StrangerFacts['kind']]: StrangerFacts & { readonly kind: Kind } } = {
  sign_up: { kind: 'sign_up', ...link },
  already_registered: { kind: 'already_registered', userName: 'alice' },
  organization_invitation: { kind: 'organization_invitation', token, organization: 'Acme' },
  account_deleted: { kind: 'account_deleted', userName: 'alice', at },
};

const person = userInput.parse({ userName: 'alice', displayName: 'Alice Archer' });
const alice = { ...keptAttributes(person), id: 'alice', status: 'active', active: true } as unknown as User;

const logo = (hash: string) => ({ hash: hash.repeat(43), mediaType: 'image/png' as const, width: 64, height: 64 });
const deployment: BrandingSettings = {
  name: 'Mainland',
  colors: { light: { accent: '#0b5394', background: '#eef2f7' } },
  links: { help: 'https://mainland.example/help', terms: 'https://mainland.example/terms' },
  mailSender: 'Mainland Accounts',
};
const organization: BrandingSettings = {
  name: 'Acme & Söhne',
  colors: { light: { accent: '#6b21a8' }, dark: { accent: '#e9c46a', background: '#1b1206' } },
  links: { terms: 'https://acme.example/terms' },
  mailSender: 'Acme',
  logo: { light: logo('L'), dark: logo('D') },
};
const client: BrandingSettings = {
  name: '注文管理',
  colors: { dark: { accent: '#ffb4a2' } },
  links: { privacy: 'https://orders.example/privacy' },
  mailSender: 'Orders',
  font: 'serif',
};
const rows = [
  { organizationId: null, clientId: null, settings: deployment, organizations: [], clients: [] },
  { organizationId: 'acme', clientId: null, settings: organization, organizations: ['acme'], clients: ['orders'] },
  { organizationId: null, clientId: 'orders', settings: client, organizations: [], clients: [] },
];
const levels = [
  { level: 'nothing said', brandingFor: {}, said: [] },
  { level: 'deployment', brandingFor: { clientId: 'doorward-account' }, said: [deployment] },
  { level: 'organization', brandingFor: { organizationId: 'acme' }, said: [deployment, organization] },
  { level: 'client', brandingFor: { clientId: 'orders' }, said: [deployment, organization, client] },
] as const;

const matrix = levels.flatMap((level) => languageNames.map((language) => ({ ...level, language })));

function mailsFor({ brandingFor, said, language }: (typeof matrix)[number]) {
  const read = { query: async () => rows.slice(0, said.length) as never, table: undefined as never };
  const write = createMailWriter({
    issuer: 'https://id.example.com',
    catalogueOf: createCatalogue,
    language,
    brandings: createBrandingLookup({ read, changes: { subscribe: () => undefined, isLive: false } as never }),
    findLogo: async (hash) => ({ mediaType: 'image/png', bytes: Buffer.from(hash) }),
  });
  const prepared: PreparedMail[] = [
    ...Object.values(toPeople).map((facts) => ({ to: 'a@example.org', user: alice, facts, brandingFor })),
    ...Object.values(toStrangers).map((facts) => ({
      ...{ to: 'a@example.org', user: undefined, facts, brandingFor },
      language: undefined,
    })),
  ];
  return Promise.all(prepared.map(async (mail) => ({ kind: mail.facts.kind, ...(await write(mail)) })));
}

const escaped = (text: string) => text.replaceAll('&', '&amp;');
/** Which text stands on what. */
const grounds = {
  page: ['brand', 'footer', 'link'],
  surface: ['heading', 'text', 'detail', 'address', 'note', 'term', 'link'],
  button: ['button'],
} as const;

/** What a class has in the light, by its elements, and in the dark, by the sheet in the head. */
function colorsIn(html: string, scheme: 'light' | 'dark') {
  const rules = [...html.slice(html.indexOf('prefers-color-scheme: dark')).matchAll(/([.\w, -]+) \{ ([^}]*) \}/g)];
  const declarations = (name: string): string =>
    scheme === 'light'
      ? (new RegExp(`class="${name}"[^>]*style="([^"]*)"`).exec(html)?.[1] ?? '')
      : rules
          .filter(([, selectors = '']) => selectors.split(',').some((one) => one.trim() === `.${name}`))
          .map(([, , body]) => body)
          .join(';');
  return {
    ink: (name: string) => /(?:^|[;\s])color: ?(#[0-9a-f]{6})/.exec(declarations(name))?.[1],
    ground: (name: string) => /background-color: ?(#[0-9a-f]{6})/.exec(declarations(name))?.[1],
  };
}

function unreadable(html: string): readonly string[] {
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const { ink, ground } = colorsIn(html, scheme);
    return (['page', 'surface', 'button'] as const).flatMap((behind) =>
      grounds[behind]
        .filter((name) => html.includes(`class="${name}"`))
        .map((name) => ({ name, ink: ink(name), on: ground(behind) }))
        .filter(({ ink: text, on }) => !text || (behind !== 'button' && !on) || (on && contrast(text, on) < 4.5))
        .map((pair) => `${scheme} ${behind} ${JSON.stringify(pair)}`),
    );
  });
}

describe('issue 5 §12: every mail × language × level of branding', () => {
  it.each(matrix)('$level, $language: says whose it is, in both parts, readable in light and dark', async (cell) => {
    const { said, language } = cell;
    const mails = await mailsFor(cell);
    const { links } = createCatalogue(language).page('layout');
    const name = said.at(-1)?.name ?? 'Doorward';
    const wanted: Readonly<Record<string, string>> = Object.assign({}, ...said.map((one) => one.links));
    const images = said.some((one) => 'logo' in one) ? ['L', 'D'].map((hash) => `${hash.repeat(43)}@branding`) : [];

    const faults = mails.flatMap(({ kind, subject, text, html, senderName, images: sent = [] }) => {
      const all = `${subject}\n${text}\n${html}`;
      const labels = Object.entries(wanted).map(([place, url]) => ({ label: links[place as keyof typeof links], url }));
      return Object.entries({
        'another name': name === 'Doorward' ? !all.includes(name) : /doorward/i.test(all),
        'no name in the text': !text.includes(name),
        'no name in the HTML': !html.includes(escaped(name)),
        'another sender': senderName !== said.at(-1)?.mailSender,
        'no link in the text': labels.some(({ label, url }) => !text.includes(`${label}: ${url}`)),
        'no link in the HTML': labels.some(({ label, url }) => !html.includes(`href="${url}">${label}</a>`)),
        'other images': JSON.stringify(sent.map(({ contentId }) => contentId)) !== JSON.stringify(images),
        'images that do not come along':
          [...html.matchAll(/src="([^"]*)"/g)].map(([, url]) => url).join() !== images.map((id) => `cid:${id}`).join(),
        'other letters': html.includes('Charter') !== (name === client.name),
        unreadable: unreadable(html).length > 0,
      })
        .filter(([, isWrong]) => isWrong)
        .map(([fault]) => `${kind}: ${fault}${fault === 'unreadable' ? ` ${unreadable(html).join(' ')}` : ''}`);
    });

    expect(mails.length).toBe(18);
    expect(faults).toEqual([]);
  });

  it('colours are those of the last level that says any, whole', async () => {
    const [onClient] = await mailsFor({ ...levels[3], language: 'en' });
    const [onDeployment] = await mailsFor({ ...levels[1], language: 'en' });

    expect(colorsIn(onClient?.html ?? '', 'dark').ground('button')).toBe('#ffb4a2');
    expect(colorsIn(onClient?.html ?? '', 'light').ground('page')).toBe('#f5f4ef');
    expect(colorsIn(onDeployment?.html ?? '', 'light').ground('button')).toBe('#0b5394');
    expect(colorsIn(onDeployment?.html ?? '', 'light').ground('page')).toBe('#eef2f7');
  });
});

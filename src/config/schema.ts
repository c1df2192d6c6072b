import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Attributes of a person that say nothing about their place in an organization, and by which nobody signs in. */
export const SELF_EDITABLE = [
  'displayName',
  'name',
  'nickName',
  'preferredLanguage',
  'locale',
  'timezone',
  'birthdate',
  'gender',
  'website',
  'profileUrl',
] as const;
export type SelfEditable = (typeof SELF_EDITABLE)[number];
const EDITED_BY_DEFAULT = SELF_EDITABLE.slice(0, 6);

/**
 * Everything an operator may decide, one entry per `DOORWARD_*` variable. The reference page is generated from here.
 * Every variable may also be given as `<NAME>_FILE`, a path whose content (one trailing newline dropped) is the value.
 */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const cidr = z.string().refine((text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text), {
  error: 'expected an IP address or a CIDR range such as 10.0.0.0/8',
});

const wholeNumber = (minimum: number, maximum: number) =>
  z.string().regex(/^\d+$/, 'expected a whole number').transform(Number).pipe(z.number().min(minimum).max(maximum));

const issuer = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
  .refine((text) => !/[?#]/.test(text), { error: 'an issuer has no query and no fragment (OIDC Discovery §3)' })
  .refine((text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '', {
    error: 'an issuer has no user name or password in it',
  })
  .transform((text) => text.replace(/\/$/, ''));

const hostPattern = z.string().refine((text) => /^[A-Za-z0-9*._:[\]/-]+$/.test(text), {
  error: 'expected a host name, an address or a CIDR range',
});

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`. */
const dnsServer = z.string().refine((text) => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (bracketed === undefined && plain === undefined) return ipaddr.isValid(text);
  return ipaddr.isValid(bracketed ?? plain ?? '') && Number(port ?? 53) > 0 && Number(port ?? 53) < 65_536;
}, 'expected an address such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353');

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    (url?.protocol === 'smtp:' || url?.protocol === 'smtps:') &&
    url.hostname !== '' &&
    (url.pathname === '' || url.pathname === '/') &&
    url.hash === '' &&
    (url.search === '' || (url.search === '?starttls=off' && url.protocol === 'smtp:'))
  );
}

const aaguid = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected an AAGUID, which looks like a UUID'));

const isWebOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.origin === text;
};

export const variables = {
  DOORWARD_ISSUER: issuer
    .optional()
    .describe(
      'The issuer identifier: the address people and applications see, without a path unless a proxy adds one. Default: `http://localhost:<port>`.',
    ),
  DOORWARD_PORT: wholeNumber(0, 65_535).default(3000).describe('The port to listen on; 0 takes a free one.'),
  DOORWARD_HOST: z
    .string()
    .optional()
    .describe(
      'The address to listen on. Default: loopback (127.0.0.1 and ::1) in development, all addresses in production.',
    ),
  DOORWARD_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgresql://user:password@host:port/database')
    .optional()
    .describe('A PostgreSQL 15 or newer. Absent: an embedded PostgreSQL under the data directory.'),
  DOORWARD_DATABASE_POOL_SIZE: wholeNumber(2, 200)
    .default(10)
    .describe('Connections to the database that one process holds at most.'),
  DOORWARD_FACTOR_RECOVERY_DAYS: wholeNumber(0, 90)
    .default(7)
    .describe(
      'Days that somebody waits who knows their password and has lost their second factor and recovery codes; everybody who may object is told. 0: only an administrator helps. Longer days count for those who wait already.',
    ),
  DOORWARD_TRUSTED_DEVICE_DAYS: wholeNumber(0, 365)
    .default(0)
    .describe(
      'Days for which people may choose not to be asked for their second factor again in a browser; 0 asks always. Shorter days count for what was chosen before.',
    ),
  DOORWARD_DELETED_USER_RETENTION_DAYS: wholeNumber(0, 3650)
    .default(30)
    .describe(
      'Days for which a deleted person can be restored; then their data is erased, also from the audit log. Their userName stays reserved until then.',
    ),
  DOORWARD_DATA_DIR: z.string().min(1).default('data').describe('Where the embedded database lives.'),
  DOORWARD_KEYS_DIR: z
    .string()
    .min(1)
    .default('keys')
    .describe('Where the key-encryption key file is made at first start.'),
  DOORWARD_KEY_ENCRYPTION_KEY: z
    .string()
    .optional()
    .describe('The key-encryption key: 32 bytes as base64, base64url or hex. Absent: a file in the keys directory.'),
  DOORWARD_ADMIN_EMAIL: z
    .email('expected an e-mail address')
    .optional()
    .describe('The first administrator; used only while there is none.'),
  DOORWARD_ADMIN_PASSWORD: z
    .string()
    .min(8, 'expected 8 characters or more')
    .optional()
    .describe("The first administrator's password; used only while there is none."),
  DOORWARD_APPLY: z
    .string()
    .min(1)
    .optional()
    .describe('A declarative file applied before the first request is answered, at every start.'),
  DOORWARD_SMTP_URL: z
    .string()
    .refine(isSmtpUrl, {
      error: 'expected smtp://user:password@host:port or smtps://…, with nothing after the port but ?starttls=off',
    })
    .optional()
    .describe(
      'Where mail is handed over. `smtps://` is TLS from the start; `smtp://` must be upgraded by STARTTLS, except on loopback or with `?starttls=off`, for a relay in a network of your own. Ports 465 and 587 when left out. Absent: mail is kept and shown at /dev/mail in development, and is not sent in production.',
    ),
  DOORWARD_MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>@\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u, 'expected an address, or Name <address>')
    .optional()
    .describe('The sender of mail. Default: `Doorward <no-reply@<issuer host>>`.'),
  DOORWARD_OUTBOUND_ALLOW: list
    .pipe(z.array(hostPattern))
    .default([])
    .describe(
      'Private hosts the server may call (jwks_uri, back-channel logout …): host names, addresses and CIDR ranges, comma-separated, any port.',
    ),
  DOORWARD_TLS_CERT: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the PEM certificate chain; with DOORWARD_TLS_KEY Doorward serves HTTPS itself.'),
  DOORWARD_TLS_KEY: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the PEM private key that belongs to DOORWARD_TLS_CERT.'),
  DOORWARD_TRUST_PROXY: list
    .pipe(z.array(cidr))
    .default([])
    .describe('Addresses and CIDR ranges of reverse proxies whose X-Forwarded-* headers count, comma-separated.'),
  DOORWARD_CLIENT_CERT_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'expected a header name')
    .optional()
    .describe('The header in which a trusted proxy hands over the client certificate (RFC 8705).'),
  DOORWARD_CLIENT_REGISTRATION: z
    .enum(['off', 'token', 'open'])
    .default('token')
    .describe(
      'Dynamic client registration (RFC 7591): off, only with an initial access token, or open to everyone (slowed for each network).',
    ),
  DOORWARD_REGISTRATION: z
    .enum(['off', 'open', 'invitation', 'domains'])
    .default('off')
    .describe(
      'Who may make an account of their own, after proving an e-mail address: nobody, everybody, whom `doorward users invite` sent a link, or addresses at DOORWARD_REGISTRATION_DOMAINS.',
    ),
  DOORWARD_REGISTRATION_DOMAINS: list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'expected a domain such as example.com')
          .transform((text) => text.toLowerCase()),
      ),
    )
    .default([])
    .describe('The domains of DOORWARD_REGISTRATION=domains, comma-separated. Subdomains are domains of their own.'),
  DOORWARD_PASSKEY_RP_ID: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'expected a domain in lower case, such as example.com')
    .optional()
    .describe(
      "The domain that passkeys belong to (WebAuthn RP ID). Default: the issuer's host. Passkeys made for another one are useless: choose once. A domain that the issuer's host is not in has to name the issuer in its `/.well-known/webauthn`.",
    ),
  DOORWARD_PASSKEY_RELATED_ORIGINS: list
    .pipe(z.array(z.string().refine(isWebOrigin, { error: 'expected origins such as https://login.example.org' })))
    .default([])
    .describe(
      'Origins of other sites that may use the passkeys of this domain, comma-separated; shown at `/.well-known/webauthn`. Browsers read five domains.',
    ),
  DOORWARD_PASSKEY_ATTESTATION_ROOTS: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Path of a PEM file with makers' certificates. With it only authenticators are taken whose attestation leads to one of them. Absent: all are, and nobody is asked for an attestation.",
    ),
  DOORWARD_PASSKEY_AAGUIDS_ALLOWED: list
    .pipe(z.array(aaguid))
    .default([])
    .describe(
      'Models of authenticators that may be added, by AAGUID, comma-separated. Needs DOORWARD_PASSKEY_ATTESTATION_ROOTS: without a certificate a model is whatever it says. Empty: all.',
    ),
  DOORWARD_PASSKEY_AAGUIDS_DENIED: list
    .pipe(z.array(aaguid))
    .default([])
    .describe('Models of authenticators that may not be added, by AAGUID, comma-separated.'),
  DOORWARD_TERMS_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .optional()
    .describe('Where the terms of use stand that people accept when they make an account.'),
  DOORWARD_TERMS_VERSION: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Which version stands there; kept with each acceptance.'),
  DOORWARD_ACCOUNT_DELETION: z
    .enum(['off', 'on'])
    .default('off')
    .describe(
      'Whether people may delete their own account at /account/data; it can be restored like any other deleted one.',
    ),
  DOORWARD_DEVICE_BOUND_SESSIONS: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'Whether browsers that can (Device Bound Session Credentials) bind sessions to a key of their device. Off: no more are bound; those that are stay so.',
    ),
  DOORWARD_EMAIL_SIGN_IN: z
    .enum(['off', 'code', 'code-and-link'])
    .default('off')
    .describe(
      'Whether people may sign in by a code (and a link, for the same browser) that is mailed to them. Whoever has an authenticator app may not.',
    ),
  DOORWARD_EMAIL_CHANGE: z
    .enum(['off', 'on'])
    .default('on')
    .describe(
      'Whether people may change their e-mail address at /account/email: both addresses confirm it, and the old one can take it back for a week.',
    ),
  DOORWARD_PROFILE_ATTRIBUTES: list
    .pipe(z.array(z.enum([...SELF_EDITABLE, 'none'])))
    .default([...EDITED_BY_DEFAULT])
    .transform((names) => names.filter((name) => name !== 'none'))
    .describe(
      `What people may change of themselves at /account/profile, comma-separated, of ${SELF_EDITABLE.join(', ')}; \`none\` for nothing. Attributes of the operator say it themselves (\`writableBy\`: self).`,
    ),
  DOORWARD_LANGUAGE: z
    .enum(['en', 'de', 'fr', 'es', 'ja', 'ar'])
    .default('en')
    .describe('The language of pages and mails for people who ask for none of those that there are.'),
  DOORWARD_MESSAGES: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of a YAML or JSON file with words of your own for single messages of pages and mails: language, page, key. What is wrong in it is told at start, by name; see docs/guides/words.md.',
    ),
  DOORWARD_BREACHED_PASSWORDS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of a list of passwords known from breaches, made by `doorward breached-passwords compile`; none of them is taken as a new password, beside the common ones, which never are. See docs/guides/people.md.',
    ),
  DOORWARD_PLACE_DATABASE: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Path of a database in MaxMind's format that says by city where network addresses are (GeoLite2, DB-IP …). With it, who signs in where they cannot be yet after their last sign-in is a risk that policies and the throttle know. See docs/guides/sign-in-policies.md.",
    ),
  DOORWARD_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  DOORWARD_METRICS_TOKEN: z
    .string()
    .min(16, 'expected 16 characters or more')
    .regex(/^[A-Za-z0-9\-._~+/]+=*$/, 'expected letters, digits and -._~+/ (RFC 6750 §2.1)')
    .optional()
    .describe(
      'The bearer token that `/metrics` asks of everyone. Absent: in production only programs on the same machine get an answer.',
    ),
  DOORWARD_REFRESH_TOKEN_GRACE_SECONDS: wholeNumber(0, 60)
    .default(10)
    .describe(
      'How long the same client may present a rotated refresh token again and get the same successor (a lost answer).',
    ),
  DOORWARD_BCRYPT_COST: wholeNumber(4, 16)
    .default(12)
    .describe('The bcrypt cost of new password hashes; below 10 only outside production.'),
  DOORWARD_HASHING_CONCURRENCY: wholeNumber(1, 64)
    .optional()
    .describe('Passwords hashed at the same time. Default: usable cores less one, at least one.'),
  DOORWARD_DNS_SERVERS: list
    .pipe(z.array(dnsServer))
    .default([])
    .describe(
      'Name servers that are asked for TXT records of the domains of organizations: addresses, with `:port` where it is not 53. Default: those of the system. Use some that validate DNSSEC.',
    ),
  DOORWARD_INACTIVE_AFTER_DAYS: wholeNumber(1, 3650)
    .optional()
    .describe(
      'Deactivate people who have neither signed in nor got tokens for so many days. Default: never. Where the audit log does not reach back that far nobody is judged.',
    ),
} as const;

export type VariableName = keyof typeof variables;
export type Variables = { readonly [Name in VariableName]: z.output<(typeof variables)[Name]> };

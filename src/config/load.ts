import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { type VariableName, type Variables, variables } from './schema.ts';

export type Configuration = {
  readonly mode: 'development' | 'production';
  readonly issuer: string;
  readonly port: number;
  /** Addresses to bind; several where loopback has two families. */
  readonly hosts: readonly string[];
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly deletedUserRetentionDays: number;
  readonly keysDir: string;
  readonly keyEncryptionKey: string | undefined;
  readonly firstAdministrator: { readonly email: string; readonly password: string | undefined } | undefined;
  readonly applyFile: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly outboundAllow: readonly string[];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly trustProxy: readonly string[];
  readonly clientCertHeader: string | undefined;
  readonly clientRegistration: 'off' | 'token' | 'open';
  readonly registration: Variables['DOORWARD_REGISTRATION'];
  readonly registrationDomains: readonly string[];
  readonly passkeys: PasskeyConfiguration;
  readonly terms: { readonly version: string; readonly url: string } | undefined;
  readonly accountDeletion: boolean;
  readonly emailSignIn: 'off' | 'code' | 'code-and-link';
  readonly trustedDeviceDays: number;
  readonly factorRecoveryDays: number;
  readonly emailChange: boolean;
  readonly profileAttributes: Variables['DOORWARD_PROFILE_ATTRIBUTES'];
  readonly language: Variables['DOORWARD_LANGUAGE'];
  readonly messagesFile: string | undefined;
  readonly logLevel: Variables['DOORWARD_LOG_LEVEL'];
  readonly metricsToken: string | undefined;
  readonly refreshTokenGraceSeconds: number;
  readonly bcryptCost: number;
  readonly inactiveAfterDays: number | undefined;
  readonly hashingConcurrency: number | undefined;
};

export type PasskeyConfiguration = {
  /** Undefined where browsers make none (WebAuthn §5.1.2): the issuer's host is an address. */
  readonly rpId: string | undefined;
  readonly relatedOrigins: readonly string[];
  /** PEM, one each. */
  readonly attestationRoots: readonly string[];
  readonly allowedAaguids: readonly string[];
  readonly deniedAaguids: readonly string[];
};

export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly set: readonly VariableName[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const isVariableName = (name: string): name is VariableName => Object.hasOwn(variables, name);

/** Reads the environment once. All problems are reported at once; unknown `DOORWARD_*` names are problems. */
export function loadConfiguration(env: Environment, cwd: string): ConfigurationResult {
  const problems: string[] = [];
  const raw = collect(env, cwd, problems);
  const parsed: Record<string, unknown> = {};
  for (const name of Object.keys(variables).filter(isVariableName)) {
    const result = variables[name].safeParse(raw.get(name));
    if (result.success) parsed[name] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  if (problems.length > 0) return { ok: false, problems };
  const configuration = assemble(parsed as Variables, env, cwd);
  const conflicts = contradictions(parsed as Variables, configuration);
  if (conflicts.length > 0) return { ok: false, problems: conflicts };
  return { ok: true, configuration, set: [...raw.keys()] };
}

function collect(env: Environment, cwd: string, problems: string[]): Map<VariableName, string> {
  const values = new Map<VariableName, string>();
  for (const [name, value] of Object.entries(env)) {
    // DOORWARD_TEST_* belongs to the project's own test runner and never reaches a server's decisions.
    if (!name.startsWith('DOORWARD_') || name.startsWith('DOORWARD_TEST_') || value === undefined || value === '')
      continue;
    const base = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
    if (!isVariableName(base)) {
      problems.push(`${name} is not a setting of Doorward${nearest(base)}; see docs/reference/configuration.md`);
    } else if (base !== name && env[base]) {
      problems.push(`${base} and ${name} are both set; keep one`);
    } else {
      const text = base === name ? value : readValueFile(name, value, cwd, problems);
      if (text !== undefined) values.set(base, text);
    }
  }
  return values;
}

function readValueFile(name: string, path: string, cwd: string, problems: string[]): string | undefined {
  try {
    return readFileSync(resolve(cwd, path), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      `${name}: cannot read ${path} (${error instanceof Error && 'code' in error ? error.code : 'unknown error'})`,
    );
    return undefined;
  }
}

function nearest(name: string): string {
  const words = new Set(name.split('_').slice(1));
  const scored = Object.keys(variables)
    .map((known) => ({
      known,
      score: known
        .split('_')
        .slice(1)
        .filter((word) => words.has(word)).length,
    }))
    .sort((a, b) => b.score - a.score)[0];
  return scored && scored.score > 0 ? ` (did you mean ${scored.known}?)` : '';
}

function assemble(v: Variables, env: Environment, cwd: string): Configuration {
  const mode = env.NODE_ENV === 'production' ? 'production' : 'development';
  const scheme = v.DOORWARD_TLS_CERT ? 'https' : 'http';
  const issuer = v.DOORWARD_ISSUER ?? `${scheme}://localhost:${v.DOORWARD_PORT}`;
  return {
    mode,
    issuer,
    port: v.DOORWARD_PORT,
    hosts: v.DOORWARD_HOST ? [v.DOORWARD_HOST] : mode === 'production' ? ['::'] : ['127.0.0.1', '::1'],
    databaseUrl: v.DOORWARD_DATABASE_URL,
    databasePoolSize: v.DOORWARD_DATABASE_POOL_SIZE,
    dataDir: resolve(cwd, v.DOORWARD_DATA_DIR),
    deletedUserRetentionDays: v.DOORWARD_DELETED_USER_RETENTION_DAYS,
    keysDir: resolve(cwd, v.DOORWARD_KEYS_DIR),
    keyEncryptionKey: v.DOORWARD_KEY_ENCRYPTION_KEY,
    firstAdministrator: v.DOORWARD_ADMIN_EMAIL
      ? { email: v.DOORWARD_ADMIN_EMAIL, password: v.DOORWARD_ADMIN_PASSWORD }
      : undefined,
    applyFile: v.DOORWARD_APPLY === undefined ? undefined : resolve(cwd, v.DOORWARD_APPLY),
    smtpUrl: v.DOORWARD_SMTP_URL,
    mailFrom: v.DOORWARD_MAIL_FROM ?? `Doorward <no-reply@${new URL(issuer).hostname}>`,
    outboundAllow: v.DOORWARD_OUTBOUND_ALLOW,
    tls:
      v.DOORWARD_TLS_CERT && v.DOORWARD_TLS_KEY
        ? { certFile: resolve(cwd, v.DOORWARD_TLS_CERT), keyFile: resolve(cwd, v.DOORWARD_TLS_KEY) }
        : undefined,
    trustProxy: v.DOORWARD_TRUST_PROXY,
    clientCertHeader: v.DOORWARD_CLIENT_CERT_HEADER,
    clientRegistration: v.DOORWARD_CLIENT_REGISTRATION,
    registration: v.DOORWARD_REGISTRATION,
    registrationDomains: v.DOORWARD_REGISTRATION_DOMAINS,
    passkeys: passkeysOf(v, issuer, cwd),
    terms:
      v.DOORWARD_TERMS_URL && v.DOORWARD_TERMS_VERSION
        ? { version: v.DOORWARD_TERMS_VERSION, url: v.DOORWARD_TERMS_URL }
        : undefined,
    accountDeletion: v.DOORWARD_ACCOUNT_DELETION === 'on',
    emailSignIn: v.DOORWARD_EMAIL_SIGN_IN,
    trustedDeviceDays: v.DOORWARD_TRUSTED_DEVICE_DAYS,
    factorRecoveryDays: v.DOORWARD_FACTOR_RECOVERY_DAYS,
    emailChange: v.DOORWARD_EMAIL_CHANGE === 'on',
    profileAttributes: v.DOORWARD_PROFILE_ATTRIBUTES,
    language: v.DOORWARD_LANGUAGE,
    messagesFile: v.DOORWARD_MESSAGES === undefined ? undefined : resolve(cwd, v.DOORWARD_MESSAGES),
    logLevel: v.DOORWARD_LOG_LEVEL,
    metricsToken: v.DOORWARD_METRICS_TOKEN,
    refreshTokenGraceSeconds: v.DOORWARD_REFRESH_TOKEN_GRACE_SECONDS,
    bcryptCost: v.DOORWARD_BCRYPT_COST,
    inactiveAfterDays: v.DOORWARD_INACTIVE_AFTER_DAYS,
    hashingConcurrency: v.DOORWARD_HASHING_CONCURRENCY,
  };
}

function passkeysOf(v: Variables, issuer: string, cwd: string): PasskeyConfiguration {
  const { hostname } = new URL(issuer);
  const isDomain = !ipaddr.isValid(hostname.replace(/^\[|\]$/g, ''));
  return {
    rpId: v.DOORWARD_PASSKEY_RP_ID ?? (isDomain ? hostname : undefined),
    relatedOrigins: v.DOORWARD_PASSKEY_RELATED_ORIGINS,
    attestationRoots: certificatesIn(v.DOORWARD_PASSKEY_ATTESTATION_ROOTS, cwd),
    allowedAaguids: v.DOORWARD_PASSKEY_AAGUIDS_ALLOWED,
    deniedAaguids: v.DOORWARD_PASSKEY_AAGUIDS_DENIED,
  };
}

/** None for a file that cannot be read or holds none, which `contradictions` tells. */
function certificatesIn(path: string | undefined, cwd: string): readonly string[] {
  const file = path === undefined ? undefined : resolve(cwd, path);
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** Values that are fine alone and wrong together. */
function contradictions(v: Variables, configuration: Configuration): string[] {
  const problems: string[] = [];
  const issuer = new URL(configuration.issuer);
  if (Boolean(v.DOORWARD_TLS_CERT) !== Boolean(v.DOORWARD_TLS_KEY)) {
    problems.push('DOORWARD_TLS_CERT and DOORWARD_TLS_KEY belong together; set both or neither');
  }
  for (const file of configuration.tls ? [configuration.tls.certFile, configuration.tls.keyFile] : []) {
    if (!existsSync(file)) problems.push(`DOORWARD_TLS_CERT/DOORWARD_TLS_KEY: ${file} does not exist`);
  }
  if (Boolean(v.DOORWARD_TERMS_URL) !== Boolean(v.DOORWARD_TERMS_VERSION)) {
    problems.push('DOORWARD_TERMS_URL and DOORWARD_TERMS_VERSION belong together; set both or neither');
  }
  const { attestationRoots, allowedAaguids } = configuration.passkeys;
  if (v.DOORWARD_PASSKEY_ATTESTATION_ROOTS !== undefined && attestationRoots.length === 0) {
    problems.push('DOORWARD_PASSKEY_ATTESTATION_ROOTS: there is no certificate (PEM) in that file');
  }
  if (allowedAaguids.length > 0 && attestationRoots.length === 0) {
    problems.push(
      'DOORWARD_PASSKEY_AAGUIDS_ALLOWED needs DOORWARD_PASSKEY_ATTESTATION_ROOTS: anyone can claim a model',
    );
  }
  if (configuration.registration === 'domains' && configuration.registrationDomains.length === 0) {
    problems.push('DOORWARD_REGISTRATION=domains needs DOORWARD_REGISTRATION_DOMAINS');
  }
  if (configuration.registration !== 'off' && configuration.mode === 'production' && !configuration.smtpUrl) {
    problems.push('DOORWARD_REGISTRATION needs DOORWARD_SMTP_URL: an address is proved by a mail to it');
  }
  if (configuration.emailSignIn !== 'off' && configuration.mode === 'production' && !configuration.smtpUrl) {
    problems.push('DOORWARD_EMAIL_SIGN_IN needs DOORWARD_SMTP_URL: the code comes by mail');
  }
  if (v.DOORWARD_ADMIN_PASSWORD && !v.DOORWARD_ADMIN_EMAIL) {
    problems.push('DOORWARD_ADMIN_PASSWORD needs DOORWARD_ADMIN_EMAIL');
  }
  if (configuration.mode === 'development' && !isLoopbackHost(issuer.hostname)) {
    problems.push(
      `DOORWARD_ISSUER is ${configuration.issuer}, which is not a loopback address, but this is development mode, which shows mail and set-up links on open pages; set NODE_ENV=production to serve it`,
    );
  }
  if (configuration.mode === 'development' && !configuration.hosts.every(isLoopbackHost)) {
    problems.push(
      'DOORWARD_HOST is not a loopback address; development mode binds loopback only: set NODE_ENV=production',
    );
  }
  if (configuration.mode === 'production' && issuer.protocol === 'http:' && !isLoopbackHost(issuer.hostname)) {
    problems.push(
      `DOORWARD_ISSUER is ${configuration.issuer}: outside loopback an issuer is an https URL (OIDC Discovery §3)`,
    );
  }
  if (configuration.mode === 'production' && configuration.bcryptCost < 10) {
    problems.push('DOORWARD_BCRYPT_COST: expected 10 or more in production');
  }
  return problems;
}

/** RFC 6761 §6.3 `localhost` names and the loopback ranges of both families. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return ipaddr.isValid(name) && ipaddr.process(name).range() === 'loopback';
}

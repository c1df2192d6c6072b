import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { type VariableName, variables } from '../config/schema.ts';
import { asJson, type Command, CommandFailed, isSet, type Terminal } from './command.ts';

export const configCheckCommand: Command = {
  name: 'config check',
  usage: '',
  summary: 'Say whether the settings can be used, and every problem they have',
  async run({ configuration, say }) {
    const { mode, issuer } = configuration();
    await say(`The settings can be used (${mode} mode, issuer ${issuer}).`);
    return 0;
  },
};

export const configPrintCommand: Command = {
  name: 'config print',
  usage: '[--json]',
  summary: 'Print every setting, secrets left out, and where its value comes from',
  options: { json: { type: 'boolean' } },
  async run({ terminal, values, say }) {
    const result = loadConfiguration(terminal.env, terminal.cwd);
    if (!result.ok)
      throw new CommandFailed(
        ['These settings cannot be used:', ...result.problems.map((one) => `  - ${one}`)].join('\n'),
      );
    const settings = Object.keys(variables)
      .filter((name): name is VariableName => Object.hasOwn(variables, name))
      .map((name) => describe(name, result.configuration, terminal));
    if (isSet(values.json)) await say(asJson(Object.fromEntries(settings.map(({ name, ...facts }) => [name, facts]))));
    else for (const { name, value, source } of settings) await say(`${name} = ${value ?? '(not set)'}   # ${source}`);
    return 0;
  },
};

/** Values that open something, or hold a password. */
const SECRET: ReadonlySet<VariableName> = new Set([
  'DOORWARD_ADMIN_PASSWORD',
  'DOORWARD_KEY_ENCRYPTION_KEY',
  'DOORWARD_METRICS_TOKEN',
]);
const URLS: ReadonlySet<VariableName> = new Set(['DOORWARD_DATABASE_URL', 'DOORWARD_SMTP_URL']);

type Setting = { readonly name: VariableName; readonly value: string | undefined; readonly source: string };

function describe(name: VariableName, configuration: Configuration, { env }: Terminal): Setting {
  const own = env[name];
  const file = env[`${name}_FILE`];
  const source = own ? 'environment' : file ? `file ${file}` : 'default';
  return { name, value: shownValue(name, own || undefined, file, configuration), source };
}

function shownValue(
  name: VariableName,
  own: string | undefined,
  file: string | undefined,
  configuration: Configuration,
): string | undefined {
  const isGiven = Boolean(own ?? file);
  if (SECRET.has(name)) return isGiven ? '[redacted]' : undefined;
  if (URLS.has(name) && !isGiven) return undefined;
  if (URLS.has(name))
    return withoutPassword(name === 'DOORWARD_SMTP_URL' ? configuration.smtpUrl : configuration.databaseUrl);
  return own ?? effective(name, configuration);
}

/** What takes effect where nothing was said, or where a file says it. */
function effective(name: VariableName, configuration: Configuration): string | undefined {
  const facts: Partial<Record<VariableName, unknown>> = {
    DOORWARD_ISSUER: configuration.issuer,
    DOORWARD_PORT: configuration.port,
    DOORWARD_HOST: configuration.hosts,
    DOORWARD_DATABASE_POOL_SIZE: configuration.databasePoolSize,
    DOORWARD_DATA_DIR: configuration.dataDir,
    DOORWARD_KEYS_DIR: configuration.keysDir,
    DOORWARD_ADMIN_EMAIL: configuration.firstAdministrator?.email,
    DOORWARD_APPLY: configuration.applyFile,
    DOORWARD_MAIL_FROM: configuration.mailFrom,
    DOORWARD_OUTBOUND_ALLOW: configuration.outboundAllow,
    DOORWARD_TLS_CERT: configuration.tls?.certFile,
    DOORWARD_TLS_KEY: configuration.tls?.keyFile,
    DOORWARD_TRUST_PROXY: configuration.trustProxy,
    DOORWARD_CLIENT_CERT_HEADER: configuration.clientCertHeader,
    DOORWARD_CLIENT_REGISTRATION: configuration.clientRegistration,
    DOORWARD_LOG_LEVEL: configuration.logLevel,
    DOORWARD_DELETED_USER_RETENTION_DAYS: configuration.deletedUserRetentionDays,
    DOORWARD_REFRESH_TOKEN_GRACE_SECONDS: configuration.refreshTokenGraceSeconds,
    DOORWARD_BCRYPT_COST: configuration.bcryptCost,
    DOORWARD_HASHING_CONCURRENCY: configuration.hashingConcurrency,
  };
  const value = facts[name];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

function withoutPassword(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text);
  if (text === undefined || url === null) return text === undefined ? undefined : '[redacted]';
  if (url.password !== '') url.password = 'redacted';
  for (const name of url.searchParams.keys())
    if (/pass|secret|token/i.test(name)) url.searchParams.set(name, 'redacted');
  return url.href;
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import type { Configuration, PasskeyConfiguration } from './configuration.ts';
import type { Variables } from './schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables, each fine alone, with what follows from them. Paths are made absolute. */
export function assembleConfiguration(v: Variables, env: Environment, cwd: string): Configuration {
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
    deviceBoundSessions: v.DOORWARD_DEVICE_BOUND_SESSIONS === 'on',
    emailSignIn: v.DOORWARD_EMAIL_SIGN_IN,
    trustedDeviceDays: v.DOORWARD_TRUSTED_DEVICE_DAYS,
    factorRecoveryDays: v.DOORWARD_FACTOR_RECOVERY_DAYS,
    emailChange: v.DOORWARD_EMAIL_CHANGE === 'on',
    profileAttributes: v.DOORWARD_PROFILE_ATTRIBUTES,
    language: v.DOORWARD_LANGUAGE,
    messagesFile: v.DOORWARD_MESSAGES === undefined ? undefined : resolve(cwd, v.DOORWARD_MESSAGES),
    breachedPasswordsFile:
      v.DOORWARD_BREACHED_PASSWORDS === undefined ? undefined : resolve(cwd, v.DOORWARD_BREACHED_PASSWORDS),
    placeDatabaseFile: v.DOORWARD_PLACE_DATABASE === undefined ? undefined : resolve(cwd, v.DOORWARD_PLACE_DATABASE),
    logLevel: v.DOORWARD_LOG_LEVEL,
    metricsToken: v.DOORWARD_METRICS_TOKEN,
    refreshTokenGraceSeconds: v.DOORWARD_REFRESH_TOKEN_GRACE_SECONDS,
    bcryptCost: v.DOORWARD_BCRYPT_COST,
    dnsServers: v.DOORWARD_DNS_SERVERS,
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

/** None for a file that cannot be read or holds none, which `contradictionsIn` tells. */
function certificatesIn(path: string | undefined, cwd: string): readonly string[] {
  const file = path === undefined ? undefined : resolve(cwd, path);
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

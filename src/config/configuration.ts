import type { Variables } from './schema.ts';

/** What an operator decided, in the terms of the product. */
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
  readonly deviceBoundSessions: boolean;
  readonly emailSignIn: 'off' | 'code' | 'code-and-link';
  readonly trustedDeviceDays: number;
  readonly factorRecoveryDays: number;
  readonly emailChange: boolean;
  readonly profileAttributes: Variables['DOORWARD_PROFILE_ATTRIBUTES'];
  readonly language: Variables['DOORWARD_LANGUAGE'];
  readonly messagesFile: string | undefined;
  readonly breachedPasswordsFile: string | undefined;
  readonly placeDatabaseFile: string | undefined;
  readonly logLevel: Variables['DOORWARD_LOG_LEVEL'];
  readonly metricsToken: string | undefined;
  readonly refreshTokenGraceSeconds: number;
  readonly bcryptCost: number;
  /** Empty: the system's. */
  readonly dnsServers: readonly string[];
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

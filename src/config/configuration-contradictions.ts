import { existsSync } from 'node:fs';
import type { Configuration } from './configuration.ts';
import { isLoopbackHost } from './is-loopback-host.ts';
import type { Variables } from './schema.ts';

/** Values that are fine alone and wrong together. */
export function contradictionsIn(v: Variables, configuration: Configuration): string[] {
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

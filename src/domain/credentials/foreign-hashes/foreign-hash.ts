export type ForeignAlgorithm =
  | 'bcrypt'
  | 'argon2d'
  | 'argon2i'
  | 'argon2id'
  | 'scrypt'
  | 'pbkdf2'
  | 'ldap-sha'
  | 'md5-crypt'
  | 'sha256-crypt'
  | 'sha512-crypt';

/** A password hash made by another system, read but not trusted: `verify` is only for hashes without `excess`. */
export type ForeignHash = {
  readonly algorithm: ForeignAlgorithm;
  /** Why a single verification would cost too much, so that one stored row cannot stall the server; in words. */
  readonly excess: string | undefined;
  /** `password` is exactly what the person typed, as UTF-8: the other system normalised nothing. */
  readonly verify: (password: Buffer) => Promise<boolean>;
};

/** undefined: the text is not of this family. */
export type ParseForeignHash = (text: string) => ForeignHash | undefined;

/** More than this is no password any system would have stored, and costs time in every round of some algorithms. */
export const LONGEST_FOREIGN_PASSWORD_BYTES = 512;

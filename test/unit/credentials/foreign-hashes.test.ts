import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import {
  inspectPasswordHash,
  type PasswordHashAlgorithm,
  parseStoredHash,
  recognisePasswordHash,
} from '../../../src/domain/credentials/password-hash-format.ts';

const { verifyPassword } = createPasswordHashing({ cost: 4 });
const horse = 'correct horse';
const long = 'a very much longer text to encrypt.  This one even stretches over morethan one line.';

type Vector = readonly [source: string, algorithm: PasswordHashAlgorithm, password: string, hash: string];

// Where no publication is named, the hash was made with Python's hashlib and crypt (glibc) or with OpenSSL's passwd.
const vectors: readonly Vector[] = [
  ['Openwall crypt_blowfish', 'bcrypt', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['Openwall crypt_blowfish', 'bcrypt', 'U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['jBCrypt', 'bcrypt', 'abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
  ['glibc 2b', 'bcrypt', 'abc', '$2b$04$abcdefghijklmnopqrstuuCi15uRb1eH7NAlJ/TgeJertyknQpYn2'],
  ['glibc 2y, 80 bytes', 'bcrypt', 'ä'.repeat(40), '$2y$05$abcdefghijklmnopqrstuuTRSHZmuydJWPjOCBk/ch5P57D9cdiM2'],
  ['LDAP', 'bcrypt', 'abc', '{CRYPT}$2b$04$abcdefghijklmnopqrstuuCi15uRb1eH7NAlJ/TgeJertyknQpYn2'],
  [
    'PHC test vectors',
    'argon2i',
    'password',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  ],
  [
    'PHC test vectors',
    'argon2id',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ],
  [
    'PHC test vectors, v 1.0',
    'argon2i',
    'password',
    '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
  ],
  [
    'the argon2 package',
    'argon2d',
    'password',
    '$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$Bj+eR+LycLGV0+FiRfL3OgxHJE8XA/vAQ0igWFvefE8',
  ],
  [
    'RFC 7914 §12',
    'scrypt',
    'password',
    '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA',
  ],
  [
    'Werkzeug',
    'scrypt',
    horse,
    'scrypt:1024:8:1$seasalt$6fdbea39ed01e47661d9fd7443d44f37d38534fb666fe7b3a7960e96766c250d2f4392377aaf19b7b18532ea90e7cc42c5322f54bd5008bfcf4d7116afe44d1c',
  ],
  [
    'passlib documentation',
    'pbkdf2',
    'password',
    '$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M',
  ],
  [
    'passlib documentation',
    'pbkdf2',
    'password',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  ['passlib, SHA-1', 'pbkdf2', horse, '$pbkdf2$1000$................$LKaoiNzBAfIr.NmVrgAn7v.rbVM'],
  ['LDAP', 'pbkdf2', horse, '{PBKDF2-SHA256}1000$................$ocEVdiskazENPiIkdTiNOjvTJLSZkqbkIW.2v20c32Q'],
  [
    'PHC',
    'pbkdf2',
    horse,
    '$pbkdf2-sha512$i=1000,l=64$AAECAwQFBgcAAQIDBAUGBw$rACINHYwX5U/T9H2E/OleQ84B6ONWOZb+dZx0et37rpqIB8ExMj8vtVqfp29dtP+e6y2VNvFKFZUzvM1IwHIIQ',
  ],
  ['RFC 6070 §2', 'pbkdf2', 'password', 'pbkdf2_sha1$4096$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE='],
  ['Django', 'pbkdf2', horse, 'pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso='],
  ['Django', 'pbkdf2', horse, 'pbkdf2_sha1$1000$seasalt$iQvkNOF1wEL4Khh8eogJ8rUhipM='],
  [
    'Werkzeug',
    'pbkdf2',
    horse,
    'pbkdf2:sha256:1000$seasalt$9909ee7926a46fbe3ccea0400b5b6659566c65b8b6ccf1996ab1334c675f9aca',
  ],
  ['RFC 2307 §5.3', 'ldap-sha', horse, '{SHA}L55TUjtiq8FBorTWAZ0jy6g129A='],
  ['LDAP', 'ldap-sha', horse, '{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE='],
  ['LDAP', 'ldap-sha', horse, '{SSHA}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw=='],
  ['LDAP, lower case', 'ldap-sha', horse, '{ssha}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw=='],
  ['LDAP', 'ldap-sha', horse, '{SSHA256}Y5vD+Iq3CpVfgnuNwvKU1Ho4qGx15uzJc99ko3CD7h8AAQIDBAUGBw=='],
  ['LDAP', 'ldap-sha', horse, '{SSHA384}1a2Kp+M1yJN/sIw0MvjwS6Y8by9Yh6L8lClmcFW85LdjbrTff4rNgfD083euh9K7AAECAwQFBgc='],
  [
    'LDAP',
    'ldap-sha',
    horse,
    '{SSHA512}SGN41g/7Nh5fW1caq7+OFLY1bStmyjRGeqqYToVdk0I9L+xm2+jSyFnhDNYpXUOOGQ9nETeYvQasgfmOQKvGSAABAgMEBQYH',
  ],
  ['glibc', 'md5-crypt', 'password', '$1$abcdefgh$G//4keteveJp0qb8z2DxG/'],
  ['glibc', 'md5-crypt', '', '$1$a$8CfZSfErbeskipdhZHtvu.'],
  [
    'glibc',
    'md5-crypt',
    'pässwörd that is longer than sixteen bytes, for the loop',
    '$1$saltsalt$W.vIxLG/DtaxwUqOZlBGl/',
  ],
  ['OpenSSL', 'md5-crypt', horse, '$apr1$xxxxxxxx$r493xNWjvvUpPbyIXGiNb.'],
  ['Drepper 1', 'sha256-crypt', 'Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [
    'Drepper 2',
    'sha256-crypt',
    'Hello world!',
    '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA',
  ],
  ['Drepper 5', 'sha256-crypt', long, '$5$rounds=1400$anotherlongsalts$Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1'],
  ['glibc', 'sha256-crypt', '', '$5$x$yHbtfs4Y8t6X1xcJemNX.4JQRfUTafA2qQenWGLBee2'],
  [
    'Drepper 1',
    'sha512-crypt',
    'Hello world!',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'Drepper 5',
    'sha512-crypt',
    long,
    '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  ],
  [
    'glibc',
    'sha512-crypt',
    '',
    '$6$x$QSmr1Bx2g4O6BzKvdkgOcyU6H91X6I/XBv5pSalMhSPkwdH6Beo3F455xZJg0v//bxVK5F4OE5k1.0xuR26MK0',
  ],
  [
    'LDAP',
    'sha512-crypt',
    'grüße',
    '{CRYPT}$6$umlauts$UDG.UWxgB8mKrFHyVaRkXyYOI4rAqq6wXN2/VEuWGxUqhbMmwPrxlHp1ksGLlV/0q9qyIr2VukPI9Qqx2UlkQ/',
  ],
];

describe('hashes of other systems', () => {
  it.each(vectors)(
    '%s, %s: %j is verified, flagged for upgrade, and nothing else matches',
    async (_, algorithm, password, hash) => {
      expect(recognisePasswordHash(hash)).toBe(algorithm);
      expect(await verifyPassword(hash, password)).toEqual({ matches: true, needsUpgrade: true });
      expect(await verifyPassword(hash, `x${password}`)).toEqual({ matches: false, needsUpgrade: false });
    },
  );
});

const digest43 = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const bcryptTail = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

describe('cost bombs', () => {
  it.each([
    ['bcrypt 17', `$2b$17$${bcryptTail}`],
    ['bcrypt 31', `$2y$31$${bcryptTail}`],
    ['own bcrypt 20', `dw1:bcrypt:$2b$20$${bcryptTail}`],
    ['argon2 memory', `$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$${digest43}`],
    ['argon2 passes', `$argon2id$v=19$m=65536,t=4294967295,p=1$c29tZXNhbHQ$${digest43}`],
    ['argon2 small memory, many passes', `$argon2id$v=19$m=8,t=200000,p=1$c29tZXNhbHQ$${digest43}`],
    ['argon2 lanes', `$argon2id$v=19$m=65536,t=1,p=1000$c29tZXNhbHQ$${digest43}`],
    ['scrypt memory', `$scrypt$ln=20,r=8,p=1$TmFDbA$${digest43}`],
    ['scrypt block size', `$scrypt$ln=10,r=65536,p=1$TmFDbA$${digest43}`],
    ['scrypt parallelism', `$scrypt$ln=15,r=8,p=1000$TmFDbA$${digest43}`],
    ['PBKDF2 iterations', `pbkdf2_sha256$5000001$salt$${digest43}=`],
    ['PBKDF2 output blocks', `$pbkdf2$i=2000000$c2FsdA$${'A'.repeat(86)}`],
    ['SHA-crypt rounds', `$6$rounds=999999999$saltstring$${'A'.repeat(86)}`],
  ])('%s is refused at import with its reason, and not tried when stored', async (_, hash) => {
    const verdict = await verifyPassword(hash, 'password');

    expect(inspectPasswordHash(hash)).toMatchObject({
      acceptable: false,
      code: 'credentials.password_hash_too_costly',
    });
    expect(recognisePasswordHash(hash)).toBeUndefined();
    expect(verdict).toEqual({ matches: false, needsUpgrade: false });
  });
});

describe('what is no hash', () => {
  it.each([
    ['nothing', ''],
    ['a plain password', 'seven otters keep the ledger'],
    ['bare MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['DES crypt', 'rl.3StKT.4T8M'],
    ['plain text in LDAP', '{CLEARTEXT}secret'],
    ['bcrypt cut short', `$2b$12$${bcryptTail.slice(1)}`],
    ['bcrypt with a line end', `$2b$12$${bcryptTail}\n`],
    ['bcrypt of cost 3', `$2b$03$${bcryptTail}`],
    ['an unknown version of ours', `dw9:bcrypt:$2b$12$${bcryptTail}`],
    ['{SSHA} without salt', '{SSHA}L55TUjtiq8FBorTWAZ0jy6g129A='],
    ['{SHA} with salt', '{SHA}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw=='],
    ['{SHA} cut short', '{SHA}L55TUjtiq8FBorTWAZ0jy6g129'],
    ['scrypt with N = 1', `$scrypt$ln=0,r=8,p=1$TmFDbA$${digest43}`],
    ['PBKDF2 without iterations', `pbkdf2_sha256$0$salt$${digest43}=`],
    ['PHC with a wrong length', `$pbkdf2-sha256$i=1000,l=31$c2FsdA$${digest43}`],
    ['argon2 without passes', `$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$${digest43}`],
    ['SHA-crypt with few rounds', `$5$rounds=999$saltstring$${'A'.repeat(43)}`],
  ])('%s is not recognised and matches nothing', async (_, hash) => {
    expect(recognisePasswordHash(hash)).toBeUndefined();
    expect(inspectPasswordHash(hash)).toMatchObject({ acceptable: false, code: 'credentials.password_hash_unknown' });
    expect((await verifyPassword(hash, hash)).matches).toBe(false);
  });

  it('SECURITY-LESSONS 37: whatever is recognised is verified without an exception, whatever is not is refused without one', async () => {
    const known = vectors
      .map(([, , , hash]) => hash)
      .filter((hash) => !hash.includes('argon2') && !hash.includes('scrypt'));
    const mutated = fc
      .tuple(
        fc.constantFrom(...known),
        fc.nat(),
        fc.constantFrom('$', '=', '0', '1', 'A', '.', '/', ',', '}', '', '\u0000', 'é'),
      )
      .map(([hash, at, text]) => `${hash.slice(0, at % hash.length)}${text}${hash.slice((at % hash.length) + 1)}`);

    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.string()), async (hash) => {
        const stored = parseStoredHash(hash);
        if (recognisePasswordHash(hash) !== undefined) expect(stored).toBeDefined();
        await verifyPassword(hash, 'password');
      }),
      { numRuns: 150 },
    );
  });
});

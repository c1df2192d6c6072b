/**
 * Thrown when a server or command cannot start for a reason its operator can mend.
 * The message is one line that names the thing and what to do; callers print it alone and exit with status 1.
 */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' ').trim(), options);
  }
}

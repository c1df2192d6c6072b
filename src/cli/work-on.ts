import type { Invocation } from './command.ts';
import { type Installation, withInstallation } from './open-installation.ts';

/** Opens the installation of this invocation for the command called `command`. */
export const workOn = <T>(
  { configuration, report }: Pick<Invocation, 'configuration' | 'report'>,
  command: string,
  work: (installation: Installation) => Promise<T>,
  schema: 'migrate' | 'check' | 'any' = 'check',
): Promise<T> => withInstallation({ configuration: configuration(), command, schema, report }, work);

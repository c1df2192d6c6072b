import { type CityResponse, open } from 'maxmind';
import type { FindPlace } from '../domain/authentication/travel.ts';
import { StartRefused } from '../kernel/start-refused.ts';

/** Of databases that do not say how exact they are. */
const UNKNOWN_RADIUS_KM = 200;

/**
 * Where addresses are, from a file of the operator's in MaxMind's format that says it by city (GeoLite2, DB-IP, IPinfo …). A
 * newer file in its place is read while the server runs. Throws {@link StartRefused}.
 */
export async function openPlaceDatabase(path: string | undefined): Promise<FindPlace | undefined> {
  if (path === undefined) return undefined;
  const reader = await open<CityResponse>(path, { watchForUpdates: true, watchForUpdatesNonPersistent: true }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartRefused(`DOORWARD_PLACE_DATABASE (${path}): ${reason}`, { cause: error });
    },
  );
  return (ipAddress) => {
    const { location } = reader.get(ipAddress) ?? {};
    if (location?.latitude === undefined || location.longitude === undefined) return undefined;
    const { latitude, longitude, accuracy_radius: radiusKm = UNKNOWN_RADIUS_KM } = location;
    return { latitude, longitude, radiusKm };
  };
}

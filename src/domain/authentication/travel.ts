import type { Reader } from '../../persistence/unit-of-work.ts';
import { findLatestSignIn, findSignInAddresses, type SignInPlace } from '../audit/sign-in-signals.ts';

/** Degrees of WGS 84, and how far the real place may be from there. */
export type Place = { readonly latitude: number; readonly longitude: number; readonly radiusKm: number };

/** Undefined where nobody knows where an address is. */
export type FindPlace = (ipAddress: string) => Place | undefined;

/** Nobody flies faster, airports left out. */
const FASTEST_KM_PER_HOUR = 1000;
/** Nearer places are one city and the next, or two guesses at one place. */
const NEAREST_KM = 500;

const kmBetween = (from: Place, to: Place): number => distanceKm(from, to) - from.radiusKm - to.radiusKm;

/** Whether nobody can have been at both: the addresses are then of two people, or one of them hides where they are. */
export function isImpossibleTravel(findPlace: FindPlace, from: SignInPlace, to: SignInPlace): boolean {
  const [left, reached] = [findPlace(from.ipAddress), findPlace(to.ipAddress)];
  if (left === undefined || reached === undefined) return false;
  const km = kmBetween(left, reached);
  const hours = Math.abs(to.at.getTime() - from.at.getTime()) / 3_600_000;
  return km > NEAREST_KM && km > hours * FASTEST_KM_PER_HOUR;
}

const EARTH_RADIUS_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along a great circle (haversine). */
export function distanceKm(from: Place, to: Place): number {
  const [fromLatitude, toLatitude] = [radians(from.latitude), radians(to.latitude)];
  const halfway = (angle: number): number => Math.sin(angle / 2) ** 2;
  const squared =
    halfway(toLatitude - fromLatitude) +
    Math.cos(fromLatitude) * Math.cos(toLatitude) * halfway(radians(to.longitude - from.longitude));
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, squared)));
}

type TravelParts = { readonly read: Reader; readonly findPlace?: FindPlace | undefined };

/** Whether somebody who signs in cannot be there yet after their sign-in before. */
export async function travelsImpossibly(
  { read, findPlace }: TravelParts,
  { userId, ipAddress, at }: { readonly userId: string; readonly ipAddress: string | undefined; readonly at: Date },
): Promise<boolean> {
  // The log is not asked about an address that is nowhere.
  if (findPlace === undefined || ipAddress === undefined || findPlace(ipAddress) === undefined) return false;
  const latest = await findLatestSignIn(read, { userId, before: at });
  return latest !== undefined && isImpossibleTravel(findPlace, latest, { ipAddress, at });
}

/** Whether somebody signs in far from all places they signed in from lately. */
export async function isNewPlace(
  { read, findPlace }: TravelParts,
  { userId, ipAddress, at }: { readonly userId: string; readonly ipAddress: string | null; readonly at: Date },
): Promise<boolean> {
  const place = ipAddress === null ? undefined : findPlace?.(ipAddress);
  if (findPlace === undefined || place === undefined) return false;
  const addresses = await findSignInAddresses(read, { userId, before: at });
  const places = addresses.flatMap((address) => findPlace(address) ?? []);
  return places.length > 0 && places.every((earlier) => kmBetween(earlier, place) > NEAREST_KM);
}

/** However often it is used: after this a person signs in again. */
export const SESSION_ABSOLUTE_SECONDS = 14 * 86_400;
/** Without any use. */
export const SESSION_IDLE_SECONDS = 3 * 86_400;

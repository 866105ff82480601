/**
 * The products of a catalogue as a few texts: a browser stores and reads them many times faster than thousands of
 * objects. Lists are in catalogue order.
 */
export interface PackedProducts {
  /** The ids, as a JSON array. */
  readonly ids: string
  /** What identifies the picture of each, as a JSON array. */
  readonly contentKeys: string
  /** The `item_group_id` of each, as a JSON array with null where there is none; empty where no product has one. */
  readonly groups: string
  /** The products as JSON, one behind the other. */
  readonly texts: string
  /** Where in that text each of them ends. */
  readonly ends: Uint32Array
}

import { packagedModelName } from '../../encoder/model/packaged-model.js'
import type { ModelIdentity, VectorStore } from '../../store/vector-store.js'
import type { Space } from '../../types.js'
import type { PackInUse } from '../catalog/pack-in-use.js'
import type { EncoderSlot } from '../pictures/encoder-slot.js'
import type { WorkerConfig } from '../protocol.js'

/** For this long a stored model identity is believed without asking the server. */
const identityLifetime = 24 * 60 * 60 * 1000

export interface ModelSpaceParts {
  readonly config: Pick<WorkerConfig, 'model' | 'projection'>
  readonly store: VectorStore
  readonly slot: EncoderSlot
  readonly pack: PackInUse
}

/**
 * The space that model and projection lead to, known without loading the weights as far as that can be: from the
 * store, else from the small files on the server.
 */
export class ModelSpace {
  readonly #parts: ModelSpaceParts
  readonly #onStale: () => void
  /** That of the encoder's embeddings. */
  #confirmed: Space | null = null
  #stored: Promise<ModelIdentity | undefined> | null = null

  /** @param onStale what is stored was used, and is so old that the server should be asked. */
  constructor(parts: ModelSpaceParts, onStale: () => void) {
    this.#parts = parts
    this.#onStale = onStale
  }

  /** The space of the vectors as the encoder, or the model folder on the server, told it; null before. */
  confirmed(): Space | null {
    return this.#confirmed && this.#parts.pack.spaceFor(this.#confirmed)
  }

  /** What an earlier visit has stored about the model; it is read once. Rejects as the store does. */
  stored(): Promise<ModelIdentity | undefined> {
    this.#stored ??= this.#parts.store.loadModelIdentity(this.#identityKey).catch((error: unknown) => {
      this.#stored = null
      throw error
    })
    return this.#stored
  }

  /** Takes note that the store has been cleared. */
  forget(): void {
    this.#stored = null
  }

  /** @throws what reading the model folder throws, and opening the encoder where only that tells. */
  async find(signal: AbortSignal): Promise<Space> {
    const { slot, pack } = this.#parts
    const confirmed = this.confirmed()
    if (confirmed) return confirmed
    const identity = await this.stored()
    // Where model and pack were replaced together, the stored identity is the old one's.
    if (identity && pack.fits(identity.space)) {
      // A time to come is of a clock that was wrong.
      if (Math.abs(Date.now() - identity.checkedAt) > identityLifetime) this.#onStale()
      return pack.spaceFor(identity.space)
    }
    const known = await slot.knownSpace(signal)
    // Only the weights say which space such a folder leads to: the pack is believed until they are loaded.
    if (!known && pack.space) return pack.space
    const space = known ?? (await slot.encoder(signal)).space
    // Without it the next visit asks again.
    this.#store(space).catch(() => undefined)
    return pack.spaceFor(space)
  }

  /** The space that the files on the server lead to; null where only the weights tell. @throws as `find`. */
  ask(signal: AbortSignal): Promise<Space | null> {
    return this.#parts.slot.knownSpace(signal)
  }

  /** Takes note of the encoder's space. */
  async confirm(space: Space): Promise<void> {
    this.#confirmed = space
    await this.#store(space)
  }

  /** Takes note of the space in which the vectors of a catalogue are, for the next visit. Rejects as the store does. */
  async noteIndex(catalog: string, space: Space): Promise<void> {
    const identity = await this.stored()
    const known = identity?.opened
    if (!identity || (known?.catalog === catalog && known.space.fingerprint === space.fingerprint)) return
    await this.#save({ ...identity, opened: { catalog, space } })
  }

  async #store(space: Space): Promise<void> {
    const before = await this.stored().catch(() => undefined)
    await this.#save({ space, checkedAt: Date.now(), opened: before?.opened })
  }

  async #save(identity: ModelIdentity): Promise<void> {
    this.#stored = Promise.resolve(identity)
    await this.#parts.store.saveModelIdentity(this.#identityKey, identity)
  }

  /** What leads to the space: the model and, where there is one, the projection. */
  get #identityKey(): string {
    const { model: url, projection } = this.#parts.config
    const model = url ?? packagedModelName
    return projection === null ? model : `${model}#${projection}`
  }
}

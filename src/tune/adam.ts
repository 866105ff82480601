/**
 * The Adam optimiser (D. Kingma, J. Ba, ICLR 2015) for one list of parameters, with decoupled weight decay
 * (I. Loshchilov, F. Hutter, ICLR 2019) towards `anchor` instead of towards zero.
 */
export class Adam {
  readonly #parameters: Float64Array
  readonly #anchor: Float64Array | null
  readonly #decay: number
  readonly #mean: Float64Array
  readonly #square: Float64Array
  #steps = 0

  /** @param parameters are changed in place. */
  constructor(
    parameters: Float64Array,
    { anchor, decay = 0 }: { anchor?: Float64Array; decay?: number } = {},
  ) {
    this.#parameters = parameters
    this.#anchor = anchor ?? null
    this.#decay = decay
    this.#mean = new Float64Array(parameters.length)
    this.#square = new Float64Array(parameters.length)
  }

  step(gradient: ArrayLike<number>, learningRate: number): void {
    this.#steps++
    const meanCorrection = 1 - meanDecay ** this.#steps
    const squareCorrection = 1 - squareDecay ** this.#steps
    for (let index = 0; index < this.#parameters.length; index++) {
      const slope = gradient[index] as number
      const mean = meanDecay * (this.#mean[index] as number) + (1 - meanDecay) * slope
      const square = squareDecay * (this.#square[index] as number) + (1 - squareDecay) * slope * slope
      this.#mean[index] = mean
      this.#square[index] = square
      const move = mean / meanCorrection / (Math.sqrt(square / squareCorrection) + tiny)
      const value = this.#parameters[index] as number
      const away = value - (this.#anchor?.[index] ?? 0)
      this.#parameters[index] = value - learningRate * (move + this.#decay * away)
    }
  }
}

const meanDecay = 0.9
const squareDecay = 0.999
const tiny = 1e-8

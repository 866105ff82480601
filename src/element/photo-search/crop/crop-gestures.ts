import type { CropBox } from '../../../types.js'
import {
  boxBetween,
  type Corner,
  centerBox,
  isWholePicture,
  moveBox,
  moveCorner,
  type Point,
  pinchBox,
  type Size,
} from './crop-box.js'

interface GestureEvents {
  box(): CropBox
  least(): Size
  /** `settled` once the fingers are off. */
  change(box: CropBox, settled: boolean): void
}

/** A finger or mouse that has moved less has tapped. In fractions of the picture. */
const tapDistance = 0.02

/** What one pointer does: each makes a box out of the one at its start. */
type Drag = (from: Point, to: Point) => CropBox

/**
 * Moves and resizes a crop box by mouse, pen and fingers: a drag in the box moves it, one at a corner resizes it, one
 * elsewhere (or in a box that fills the picture, and so cannot be moved) draws another, a tap elsewhere moves the box
 * there; two fingers, or a wheel with Ctrl as touch pads send it, pinch.
 */
export function watchGestures(
  surface: HTMLElement,
  cornerOf: (target: EventTarget | null) => Corner | null,
  events: GestureEvents,
): void {
  const pointers = new Map<number, Point>()
  let start: { readonly points: readonly Point[]; readonly drag: Drag } | null = null

  const begin = (event: PointerEvent) => {
    const box = events.box()
    const points = [...pointers.values()]
    const drag = points.length > 1 ? pinchOf(points) : dragOf(event, box)
    start = { points, drag }
  }

  function dragOf({ target }: PointerEvent, box: CropBox): Drag {
    const corner = cornerOf(target)
    if (corner) return (from, to) => moveCorner(box, corner, difference(from, to), events.least())
    const [point] = [...pointers.values()]
    if (point && contains(box, point) && !isWholePicture(box))
      return (from, to) => moveBox(box, difference(from, to))
    return (from, to) => {
      if (distance(from, to) > tapDistance) return boxBetween(from, to, events.least())
      return isWholePicture(box) ? box : centerBox(box, to)
    }
  }

  function pinchOf(points: readonly Point[]): Drag {
    const box = events.box()
    const [first, second] = points as [Point, Point]
    return () => {
      const [a, b] = [...pointers.values()] as [Point, Point]
      const factor = distance(a, b) / Math.max(distance(first, second), 0.01)
      return pinchBox(box, factor, middle(first, second), middle(a, b), events.least())
    }
  }

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top, width, height } = surface.getBoundingClientRect()
    return { x: (clientX - left) / width, y: (clientY - top) / height }
  }

  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || pointers.size > 1) return
    surface.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, pointOf(event))
    begin(event)
  })
  const follow = (event: PointerEvent, settled: boolean) => {
    const [from] = start?.points ?? []
    if (!pointers.has(event.pointerId) || !start || !from) return
    pointers.set(event.pointerId, pointOf(event))
    const [to = from] = [...pointers.values()]
    events.change(start.drag(from, to), settled)
  }
  surface.addEventListener('pointermove', (event) => follow(event, false))
  surface.addEventListener('pointerup', (event) => {
    follow(event, true)
    // After a pinch, the finger that is still there does nothing more.
    start = null
    pointers.delete(event.pointerId)
  })
  surface.addEventListener('pointercancel', ({ pointerId }) => {
    start = null
    pointers.delete(pointerId)
  })
  surface.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      const point = pointOf(event)
      events.change(pinchBox(events.box(), Math.exp(event.deltaY / -200), point, point, events.least()), true)
    },
    { passive: false },
  )
}

function difference(from: Point, to: Point): Point {
  return { x: to.x - from.x, y: to.y - from.y }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function contains({ x, y, width, height }: CropBox, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height
}

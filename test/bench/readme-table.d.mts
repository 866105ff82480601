export function readmeWithTable(): string
export function modelsWithTable(): string
export function speedWithTable(): string

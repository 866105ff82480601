export function readmeWithTable(): string
export function modelsWithTable(): string

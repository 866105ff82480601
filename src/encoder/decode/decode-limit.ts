/** So many seconds a browser's decoder may take: its process may have hung. Photos take one or two. */
export const decodeLimit = 20

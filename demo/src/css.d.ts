/** Style sheets that Vite puts beside the script that imports them. */
declare module '*.css'

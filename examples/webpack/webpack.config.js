export default {
  mode: 'production',
  entry: './main.ts',
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'ts-loader',
        options: { transpileOnly: true, compilerOptions: { noEmit: false } },
      },
    ],
  },
  output: { clean: true, publicPath: '/' },
  performance: { hints: false },
}

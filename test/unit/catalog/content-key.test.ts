import { expect, test } from 'vitest'
import { contentKey, resolveContentKey } from '../../../src/catalog/content-key.js'
import { linkResolver } from '../../../src/catalog/link-resolver.js'
import { parseCatalog } from '../../../src/catalog/parse-catalog.js'
import { withoutSignature } from '../../../src/catalog/url-signature.js'

test.each([
  [
    'Amazon S3',
    'https://b.s3.amazonaws.com/1.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=abc',
    'https://b.s3.amazonaws.com/1.jpg',
  ],
  ['Amazon S3 of old', '/1.jpg?AWSAccessKeyId=A&Expires=1&Signature=b%2F', '/1.jpg'],
  [
    'CloudFront',
    'https://d1.test/1.jpg?w=200&Expires=1&Policy=p&Signature=s&Key-Pair-Id=k',
    'https://d1.test/1.jpg?w=200',
  ],
  [
    'Google Cloud Storage',
    'https://g.test/b/1.jpg?X-Goog-Algorithm=a&X-Goog-Signature=f0',
    'https://g.test/b/1.jpg',
  ],
  [
    'Azure',
    'https://a.blob.test/c/1.jpg?sv=2024&st=a&se=b&sr=b&sp=r&sig=x%3D&v=2',
    'https://a.blob.test/c/1.jpg?v=2',
  ],
  [
    'Tencent',
    '/1.jpg?q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=f',
    '/1.jpg',
  ],
  ['Huawei', '/1.jpg?AccessKeyId=A&Expires=1&Signature=b', '/1.jpg'],
  ['Bunny', '/1.jpg?width=300&token=abc&expires=17', '/1.jpg?width=300'],
  ['Facebook', '/1.jpg?stp=dst-jpg&_nc_cat=1&_nc_ohc=x&oh=00_a&oe=6', '/1.jpg?stp=dst-jpg'],
  ['a token alone', '/1.jpg?token=abc', '/1.jpg?token=abc'],
  ['an image behind a script', 'https://shop.test/i?id=7&X-Amz-Signature=a', 'https://shop.test/i?id=7'],
  ['a version, which is none', 'https://shop.test/1.jpg?v=3&sp=1', 'https://shop.test/1.jpg?v=3&sp=1'],
  ['a date alone', 'https://shop.test/1.jpg?expires=3', 'https://shop.test/1.jpg?expires=3'],
  ['a path that is called so', 'https://shop.test/signature=1/a.jpg', 'https://shop.test/signature=1/a.jpg'],
])('%s', (_, signed, plain) => {
  expect(withoutSignature(signed)).toBe(plain)
  expect(withoutSignature(plain)).toBe(plain)
})

test('a picture is the same while its signature changes, and another where the key does', () => {
  const keyOf = (item: object): string => {
    const { products } = parseCatalog(
      [{ id: '1', title: 'A', ...item }],
      'https://shop.test/feed/catalog.json',
    )
    const [product] = products
    if (!product) throw new Error('no product')
    return contentKey(product)
  }
  const signed = (signature: string) => ({ image_link: `/1.jpg?X-Amz-Signature=${signature}` })
  expect(keyOf(signed('a'))).toBe('https://shop.test/1.jpg')
  expect(keyOf(signed('b'))).toBe(keyOf(signed('a')))
  const keyed = (token: string, key: unknown) => ({ image_link: `/1.jpg?token=${token}`, picture_key: key })
  expect(keyOf(keyed('a', 'p1'))).toBe(keyOf(keyed('b', 'p1')))
  expect(keyOf(keyed('a', 'p1'))).not.toBe(keyOf(keyed('a', 'p2')))
  expect(keyOf(keyed('a', 7))).toBe(
    resolveContentKey('7', linkResolver('https://shop.test/feed/catalog.json')),
  )
  expect(keyOf(keyed('a', ''))).toBe('https://shop.test/1.jpg?token=a')
})

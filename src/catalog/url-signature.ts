/**
 * A URL without what signs it for a while: the parameters of Amazon S3 and CloudFront, Google Cloud Storage, Azure,
 * Alibaba, Tencent, Huawei, Akamai, Bunny, and of the pictures of Facebook. The others, which may say which picture it is, stay as they are written.
 */
export function withoutSignature(url: string): string {
  const start = url.indexOf('?')
  if (start < 0 || !signed.test(url)) return url
  const isAzure = /[?&]sig=/.test(url)
  const kept = url
    .slice(start + 1)
    .split('&')
    .filter((pair) => {
      const [name = ''] = pair.split('=', 1)
      return !ofSignature.test(name) && !(isAzure && ofAzure.test(name))
    })
  return url.slice(0, start) + (kept.length > 0 ? `?${kept.join('&')}` : '')
}

const signed = /\?(.*&)?((x-(amz|goog|oss)-|q-)?signature|sig|hdnts|hdnea|oh=[^&]*&oe|token=[^&]*&expires)=/i
const ofSignature =
  /^(x-(amz|goog|oss)-.*|q-(sign|ak|key|header|url).*|signature|expires|key-pair-id|policy|(aws|oss)?accesskeyid|googleaccessid|security-token|hdnts|hdnea|token|oh|oe|_nc_.*)$/i
const ofAzure = /^(sig|s[verpst]|ss|sdd|spr|sip|srt|sk(oid|tid|[tesv]))$/

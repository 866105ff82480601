<?php
// Writes the page of a product, and the feed that it asks for, into a folder: php render.php site
require __DIR__ . '/shop.php';
require __DIR__ . '/similar-items/similar-items.php';

foreach (['wp_enqueue_scripts', 'rest_api_init'] as $hook) {
    do_action($hook);
}
ob_start();
do_action('woocommerce_after_single_product_summary');
$list = ob_get_clean();
['modules' => $modules, 'routes' => $routes] = $registered;

$site = $argv[1];
foreach ($routes as $route => $args) {
    $file = "$site/wp-json/$route";
    is_dir(dirname($file)) || mkdir(dirname($file), 0777, true);
    file_put_contents($file, json_encode($args['callback'](), JSON_THROW_ON_ERROR));
}
$tags = implode("\n  ", array_map(fn ($src) => "<script type=\"module\" src=\"$src\"></script>", $modules));
file_put_contents("$site/index.html", <<<HTML
<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Product</title>
  <link rel="icon" href="data:," />
  $tags
  <h1>Product</h1>
  $list
</html>
HTML);

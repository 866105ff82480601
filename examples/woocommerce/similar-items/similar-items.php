<?php
/**
 * Plugin Name: Similar items
 * Description: Shows below a product those that look similar to it.
 * Version: 0.1.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 */

defined('ABSPATH') || exit;

// The files of the package: npx similar-items copy wp-content/plugins/similar-items/files
add_action('wp_enqueue_scripts', function () {
    if (is_product()) {
        wp_enqueue_script_module('similar-items', plugins_url('files/define.js', __FILE__), [], '0.1.0');
    }
});

// Between up-sells (15) and related products (20).
add_action('woocommerce_after_single_product_summary', function () {
    printf(
        '<similar-items catalog="%s" item="%d"></similar-items>',
        esc_url(rest_url('similar-items/v1/catalog')),
        get_the_ID()
    );
}, 18);

add_action('rest_api_init', function () {
    register_rest_route('similar-items/v1', '/catalog', [
        'methods' => 'GET',
        'permission_callback' => '__return_true',
        'callback' => 'similar_items_catalog',
    ]);
});

/** The feed, which is kept for ten minutes. */
function similar_items_catalog(): array
{
    $items = get_transient('similar_items_catalog');
    if (!is_array($items)) {
        $products = wc_get_products(['status' => 'publish', 'visibility' => 'catalog', 'limit' => -1]);
        $items = array_values(array_filter(array_map('similar_items_item', $products)));
        set_transient('similar_items_catalog', $items, 10 * MINUTE_IN_SECONDS);
    }
    return $items;
}

/** A product in the names of Google Merchant, or null where it has no picture. */
function similar_items_item(WC_Product $product): ?array
{
    $picture = wp_get_attachment_image_url((int) $product->get_image_id(), 'woocommerce_single');
    if (!$picture) {
        return null;
    }
    $currency = get_woocommerce_currency();
    $format = fn ($price) => wc_format_decimal($price, wc_get_price_decimals()) . ' ' . $currency;
    $item = [
        'id' => (string) $product->get_id(),
        // Titles are HTML in WordPress; the feed has text.
        'title' => html_entity_decode(wp_strip_all_tags($product->get_name()), ENT_QUOTES | ENT_HTML5, 'UTF-8'),
        'link' => $product->get_permalink(),
        'image_link' => $picture,
        'availability' => $product->is_in_stock() ? 'in_stock' : 'out_of_stock',
    ];
    if ($product->get_price() !== '') {
        $item['price'] = $format(wc_get_price_to_display($product));
        if ($product->is_on_sale() && $product->get_regular_price() !== '') {
            $regular = wc_get_price_to_display($product, ['price' => $product->get_regular_price()]);
            $item['sale_price'] = $item['price'];
            $item['price'] = $format($regular);
        }
    }
    return $item;
}

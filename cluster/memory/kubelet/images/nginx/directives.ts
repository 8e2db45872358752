/**
 * nginx' directives and the blocks in which they may stand, as far as its official image is built with them.
 *
 * Source: https://nginx.org/en/docs/dirindex.html
 */

const MAIN =
  "daemon env error_log events http include load_module master_process pcre_jit pid stream thread_pool user " +
  "worker_cpu_affinity worker_priority worker_processes worker_rlimit_nofile worker_shutdown_timeout working_directory lock_file";
const EVENTS = "accept_mutex multi_accept use worker_connections debug_connection";
/** In http, server and location. */
const EVERYWHERE =
  "access_log add_header add_trailer absolute_redirect aio auth_basic auth_basic_user_file auth_request autoindex " +
  "autoindex_exact_size autoindex_format autoindex_localtime charset chunked_transfer_encoding client_body_buffer_size " +
  "client_body_in_file_only client_body_temp_path client_body_timeout client_max_body_size default_type deny allow " +
  "directio disable_symlinks error_log error_page etag expires fastcgi_buffers fastcgi_buffer_size fastcgi_connect_timeout " +
  "fastcgi_hide_header fastcgi_index fastcgi_param fastcgi_read_timeout fastcgi_send_timeout fastcgi_split_path_info " +
  "fastcgi_temp_path gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied " +
  "gzip_static gzip_types gzip_vary if_modified_since include index keepalive_disable keepalive_requests " +
  "keepalive_timeout limit_conn limit_rate limit_rate_after limit_req limit_req_status lingering_close log_not_found " +
  "log_subrequest max_ranges mirror msie_padding open_file_cache output_buffers port_in_redirect proxy_bind " +
  "proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache proxy_cache_key " +
  "proxy_cache_valid proxy_cache_bypass proxy_cache_use_stale proxy_connect_timeout proxy_cookie_domain " +
  "proxy_cookie_path proxy_headers_hash_bucket_size proxy_headers_hash_max_size proxy_hide_header proxy_http_version " +
  "proxy_ignore_headers proxy_intercept_errors proxy_max_temp_file_size proxy_method proxy_next_upstream " +
  "proxy_next_upstream_tries proxy_no_cache proxy_pass_header proxy_pass_request_body proxy_pass_request_headers " +
  "proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout proxy_set_body proxy_set_header " +
  "proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_name proxy_ssl_protocols proxy_ssl_server_name " +
  "proxy_ssl_session_reuse proxy_ssl_trusted_certificate proxy_ssl_verify proxy_temp_path real_ip_header " +
  "real_ip_recursive recursive_error_pages reset_timedout_connection resolver resolver_timeout root satisfy " +
  "scgi_temp_path send_timeout sendfile sendfile_max_chunk server_name_in_redirect server_tokens set_real_ip_from " +
  "source_charset ssi sub_filter sub_filter_once sub_filter_types tcp_nodelay tcp_nopush types types_hash_bucket_size " +
  "types_hash_max_size uwsgi_param uwsgi_temp_path valid_referers";
const SSL =
  "client_header_buffer_size client_header_timeout http2 http2_max_concurrent_streams http3 ignore_invalid_headers " +
  "large_client_header_buffers merge_slashes ssl_buffer_size ssl_certificate ssl_certificate_key ssl_ciphers " +
  "ssl_client_certificate ssl_conf_command ssl_crl ssl_dhparam ssl_early_data ssl_ecdh_curve ssl_password_file " +
  "ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_ticket_key ssl_session_tickets " +
  "ssl_session_timeout ssl_stapling ssl_stapling_verify ssl_trusted_certificate ssl_verify_client ssl_verify_depth " +
  "underscores_in_headers connection_pool_size request_pool_size";
const HTTP =
  "geo limit_conn_zone limit_req_zone log_format map map_hash_bucket_size map_hash_max_size proxy_cache_path server " +
  "server_names_hash_bucket_size server_names_hash_max_size split_clients upstream variables_hash_bucket_size " +
  "variables_hash_max_size";
const UPSTREAM = "ip_hash hash keepalive keepalive_requests keepalive_timeout least_conn random server zone resolver";

/** Directive by directive, the blocks that may hold it. */
export const CONTEXTS: ReadonlyMap<string, readonly string[]> = (() => {
  const contexts = new Map<string, string[]>();
  const add = (names: string, ...places: readonly string[]) => {
    for (const name of names.split(" ")) contexts.set(name, [...contexts.get(name) ?? [], ...places]);
  };
  add(MAIN, "main");
  add(EVENTS, "events");
  add("include", "events", "upstream", "types", "map", "stream");
  add(EVERYWHERE, "http", "server", "location", "limit_except");
  add(SSL, "http", "server");
  add(HTTP, "http");
  add(UPSTREAM, "upstream");
  add("listen server_name try_files", "server");
  add("location", "server", "location");
  add("return rewrite set break if", "server", "location", "if");
  add("rewrite_log", "http", "server", "location", "if");
  add(
    "alias internal proxy_pass fastcgi_pass uwsgi_pass grpc_pass stub_status try_files limit_except empty_gif",
    "location",
  );
  add("proxy_pass add_header root access_log error_page expires default_type", "if");
  add("stub_status", "server");
  add("proxy_pass fastcgi_pass", "limit_except");
  add("default hostnames volatile", "map", "geo");
  add(
    "server upstream map listen proxy_pass proxy_timeout proxy_connect_timeout ssl_preread log_format access_log error_log resolver",
    "stream",
  );
  // What a stream does is not simulated, and what stands in it is taken as it is.
  add("listen proxy_pass proxy_timeout proxy_connect_timeout ssl_preread proxy_protocol", "server");
  return contexts;
})();

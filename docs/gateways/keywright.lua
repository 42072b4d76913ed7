-- Asks Keywright whether a request may pass: HAProxy has no subrequests of its own. Used by haproxy.cfg as
-- `http-request lua.keywright <address of the channel at Keywright>`.

local timeout_ms = 5000

-- What Keywright is shown of the request. A header that came twice is shown twice.
local asked = {
  "authorization", "x-api-key", "x-key-id", "x-key-secret", "x-keywright-token",
  "user-agent", "origin", "access-control-request-method",
}
local identity = {
  "x-keywright-key-id", "x-keywright-owner-id", "x-keywright-project-id", "x-keywright-channel", "x-keywright-scopes",
}
local told = {
  "content-type", "cache-control", "www-authenticate", "retry-after", "ratelimit", "ratelimit-policy",
  "x-keywright-code", "x-request-id",
}
local reasons = { [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden", [429] = "Too Many Requests" }

local function first(headers, name)
  return headers and headers[name] and headers[name][0]
end

local function question(txn)
  local sent = txn.http:req_get_headers()
  local headers = {}
  for _, name in ipairs(asked) do
    if sent[name] then
      headers[name] = {}
      for i = 0, #sent[name] do table.insert(headers[name], sent[name][i]) end
    end
  end
  headers["x-original-method"] = { txn.sf:method() }
  headers["x-original-uri"] = { txn.sf:pathq() }
  headers["x-real-ip"] = { txn.sf:src() }
  return headers
end

local function refuse(txn, status, reason, headers, body)
  txn:done(txn:reply { status = status, reason = reason, headers = headers, body = body })
end

local function undecided(txn)
  refuse(txn, 503, "Service Unavailable", {
    ["content-type"] = { "application/problem+json" },
    ["cache-control"] = { "no-store" },
  }, '{"type":"about:blank","title":"Service Unavailable","status":503}')
end

local function deny(txn, answer)
  local status = tonumber(first(answer.headers, "x-keywright-status")) or answer.status
  if not reasons[status] then return undecided(txn) end
  local headers = {}
  for _, name in ipairs(told) do
    local value = first(answer.headers, name)
    if value then headers[name] = { value } end
  end
  refuse(txn, status, reasons[status], headers, answer.body)
end

local function allow(txn, answer)
  for _, name in ipairs(identity) do
    txn.http:req_set_header(name, first(answer.headers, name))
  end
  txn.http:req_del_header("x-keywright-token")
  txn:set_var("txn.keywright_request", first(answer.headers, "x-request-id"))
  txn:set_var("txn.keywright_limit", first(answer.headers, "ratelimit"))
  txn:set_var("txn.keywright_policy", first(answer.headers, "ratelimit-policy"))
end

local function decide(txn, url)
  local answer = core.httpclient():get { url = url, headers = question(txn), timeout = timeout_ms }
  if not answer or not answer.headers then return undecided(txn) end
  if answer.status == 200 then
    -- An answer that does not say who asks is none of Keywright's.
    for _, name in ipairs(identity) do
      if not first(answer.headers, name) then return undecided(txn) end
    end
    return allow(txn, answer)
  end
  if answer.status == 401 or answer.status == 403 then return deny(txn, answer) end
  undecided(txn)
end

core.register_action("keywright", { "http-req" }, function(txn, url)
  -- A fault in here must not let the request pass.
  if not pcall(decide, txn, url) then undecided(txn) end
end, 1)

-- Asks Keywright whether a request may pass: HAProxy has no subrequests of its own. Used by haproxy.cfg as
-- `http-request lua.keywright <where HAProxy takes questions> <path of the channel at Keywright>`.

-- Longer than HAProxy itself waits for Keywright: after this the client of HTTP in here would ask again.
local timeout_ms = 10000

-- What Keywright is shown of the request. A header that came twice is shown twice.
local asked = {
  "authorization", "x-api-key", "x-key-id", "x-key-secret",
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

local kept = {
  ["ratelimit"] = "txn.keywright_limit",
  ["ratelimit-policy"] = "txn.keywright_policy",
  ["x-request-id"] = "txn.keywright_request",
}
local undecided = {
  status = 503,
  reason = "Service Unavailable",
  headers = { ["content-type"] = { "application/problem+json" }, ["cache-control"] = { "no-store" } },
  body = '{"type":"about:blank","title":"Service Unavailable","status":503}',
}

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

-- What to refuse the request with; nil when it may pass.
local function decide(txn, socket, path)
  local answer = core.httpclient():get {
    url = "http://127.0.0.1" .. path, dst = socket, headers = question(txn), timeout = timeout_ms,
  }
  if answer.status == 200 then
    for _, name in ipairs(identity) do
      local value = first(answer.headers, name)
      -- An answer that does not say who asks is none of Keywright's.
      if not value then return undecided end
      txn.http:req_set_header(name, value)
    end
    for name, variable in pairs(kept) do
      local value = first(answer.headers, name)
      if value then txn:set_var(variable, value) end
    end
    return nil
  end
  if answer.status ~= 401 and answer.status ~= 403 then return undecided end
  local status = tonumber(first(answer.headers, "x-keywright-status")) or answer.status
  if not reasons[status] then return undecided end
  local headers = {}
  for _, name in ipairs(told) do
    local value = first(answer.headers, name)
    if value then headers[name] = { value } end
  end
  return { status = status, reason = reasons[status], headers = headers, body = answer.body }
end

core.register_action("keywright", { "http-req" }, function(txn, socket, path)
  -- A fault in here must not let the request pass.
  local is_whole, refusal = pcall(decide, txn, socket, path)
  if not is_whole then
    core.Warning("keywright.lua: " .. tostring(refusal))
    refusal = undecided
  end
  if refusal then txn:done(txn:reply(refusal)) end
end, 2)

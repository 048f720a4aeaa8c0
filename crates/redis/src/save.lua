-- Writes an entry if it has the version that the writer has read, and tells the listeners.
-- KEYS: the entry. ARGV: the version that was read ('' for no entry), the new version, the body,
-- the time to live in milliseconds, the last byte to read, the channel ('' for no news), the message.
-- Returns 1 if it is written, 0 if there is no entry, or else the entry that is there.
local current = redis.pcall('GETRANGE', KEYS[1], 0, ARGV[5])
if type(current) == 'table' then
    if not string.find(current.err, 'WRONGTYPE', 1, true) then
        return current
    end
    current = '?'
end
local version = ''
if current ~= '' then
    version = string.match(current, '^(' .. string.rep('[0-9a-f]', 16) .. '):') or string.rep('0', 16)
end
if version == ARGV[2] then
    -- The writer did not get the answer, and repeats the call.
    return 1
end
if version ~= ARGV[1] then
    return version == '' and 0 or current
end
if ARGV[6] ~= '' then
    redis.call('PUBLISH', ARGV[6], ARGV[7])
end
redis.call('SET', KEYS[1], ARGV[2] .. ':' .. ARGV[3], 'PX', ARGV[4])
return 1

-- Takes a lease. KEYS: the lease. ARGV: the token, the time to live in milliseconds.
-- Returns 1 if the token has it.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return 1
end
-- No store writes a lease that never ends.
if redis.call('PTTL', KEYS[1]) == -1 then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1
end
-- The caller did not get the answer, and repeats the call.
if redis.pcall('GET', KEYS[1]) == ARGV[1] then
    return 1
end
return 0

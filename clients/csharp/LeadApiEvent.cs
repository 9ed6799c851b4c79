// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// C# 7 has no annotations of null.
#pragma warning disable CS8600, CS8601, CS8602, CS8603, CS8604, CS8606, CS8625

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CrmLeadApi
{
    /// <summary>Check events, which are signed as Standard Webhooks says.</summary>
    public static class LeadApiEvent
    {
        private const int MaxAge = 5 * 60;

        /// <summary>Return an event, if it is genuine and new.</summary>
        /// <param name="secret">the client's Signing Secret</param>
        /// <param name="getHeader">returns a header of the request by its name, or null:
        /// name => Request.Headers[name]</param>
        /// <param name="body">of the request, unchanged</param>
        /// <exception cref="CryptographicException">the signature is wrong, or older than
        /// five minutes</exception>
        public static IDictionary<string, object> Read(
            string secret, Func<string, string> getHeader, string body)
        {
            var id = getHeader("webhook-id");
            var time = getHeader("webhook-timestamp");
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var format = CultureInfo.InvariantCulture;
            if (!long.TryParse(time, NumberStyles.None, format, out var sent)
                || Math.Abs(now - sent) > MaxAge)
            {
                throw new CryptographicException("The event is too old, or has no time.");
            }
            string expected;
            using (var hmac = new HMACSHA256(ReadSecret(secret)))
            {
                var digest = hmac.ComputeHash(Encoding.UTF8.GetBytes($"{id}.{time}.{body}"));
                expected = "v1," + Convert.ToBase64String(digest);
            }
            var signatures = (getHeader("webhook-signature") ?? "").Split(' ');
            if (!signatures.Any(each => AreEqual(each, expected)))
                throw new CryptographicException("The signature is wrong.");
            return (IDictionary<string, object>)LeadApiJson.Read(body);
        }

        private static byte[] ReadSecret(string secret)
        {
            try
            {
                var key = Convert.FromBase64String(Regex.Replace(secret, "^whsec_", ""));
                if (key.Length > 0)
                    return key;
            }
            catch (FormatException)
            {
                // The same as an empty secret
            }
            throw new ArgumentException("The signing secret is no base64.");
        }

        // In a time that does not tell where they differ
        private static bool AreEqual(string first, string second)
        {
            var difference = first.Length ^ second.Length;
            for (var index = 0; index < Math.Min(first.Length, second.Length); index++)
                difference |= first[index] ^ second[index];
            return difference == 0;
        }
    }
}

using System.Text;

namespace PatientResponse.Tests.Fuzzing;

/// <summary>What may become of bytes on their way, in a small way: tests/fuzz is thorough.</summary>
internal static class Damage
{
    private const int Most = 4;

    public static byte[] Some(byte[] whole, string[] tokens, Random random)
    {
        var bytes = whole.ToList();
        for (var times = random.Next(1, Most + 1); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var some = Math.Min(random.Next(1, 16), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when some > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when some > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, some);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, some));
                    break;
                case 4 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5 when tokens.Length > 0:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(tokens[random.Next(tokens.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}

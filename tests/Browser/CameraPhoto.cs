using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>A photo as a phone's camera takes it: 12 MB, held upright and stored lying down, with its place in it.</summary>
internal static class CameraPhoto
{
    public const int Bytes = 12 * 1024 * 1024;

    /// <summary>4,000 × 3,000 as it is stored, red where the left upper corner is before it is turned upright.</summary>
    private const string Paint = """
        async () => {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [4000, 3000];
            const paint = canvas.getContext('2d');
            const pixels = paint.createImageData(4000, 3000);
            let seed = 1;
            for (let i = 0; i < pixels.data.length; i += 4) {
                seed = (seed * 1103515245 + 12345) & 0x7fffffff;
                pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = 96 + (seed >> 16) % 64;
                pixels.data[i + 3] = 255;
            }
            paint.putImageData(pixels, 0, 0);
            paint.fillStyle = '#f00';
            paint.fillRect(0, 0, 800, 800);
            const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.97));
            return await new Promise(done => {
                const reader = new FileReader();
                reader.onload = () => done(reader.result.split(',')[1]);
                reader.readAsDataURL(blob);
            });
        }
        """;

    /// <summary>EXIF: to be turned by 90 degrees to the right, taken at 51° north.</summary>
    private static readonly byte[] Exif =
    [
        0xFF, 0xE1, 0, 2 + 6 + 86, .. "Exif\0\0"u8,
        .. "II*\0"u8, 8, 0, 0, 0,
        2, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 2, 0, 5, 0, 3, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0,
        51, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, .. "GPS11\0"u8,
    ];

    public static async Task<byte[]> TakeAsync(IPage blank)
    {
        var picture = Convert.FromBase64String(await blank.EvaluateAsync<string>(Paint));
        Assert.InRange(picture.Length, 7_340_033, Bytes - 200);
        // Cameras append previews and the like; the rest is that.
        return [.. picture[..2], .. Exif, .. picture[2..], .. new byte[Bytes - picture.Length - Exif.Length]];
    }

    /// <summary>What a browser makes of a picture: its sides, and whether the corner that was marked is at the right upper one.</summary>
    public static Task<string> LookAsync(IPage page, byte[] picture) => page.EvaluateAsync<string>(
        """
        async base64 => {
            const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
            const paint = canvas.getContext('2d');
            paint.drawImage(bitmap, 0, 0);
            const [red, green] = paint.getImageData(bitmap.width - 50, 50, 1, 1).data;
            return `${bitmap.width} × ${bitmap.height}, ${red > 200 && green < 80 ? 'upright' : 'turned'}`;
        }
        """, Convert.ToBase64String(picture));
}

package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameCloseCases;
import io.v2ws.testing.FrameCloseCodeCases;
import io.v2ws.testing.FrameFragmentationCases;
import io.v2ws.testing.FrameLengthCases;
import io.v2ws.testing.FrameReservedCases;
import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameVolumeCases;
import org.junit.jupiter.api.Nested;

/** The families of the Autobahn test suite that say something about tunnels, with our server. */
class FrameCasesTest {
    @Nested
    class OnTheDirectEngine {
        @Nested
        class Lengths extends FrameLengthCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }

        @Nested
        class ReservedBitsAndOpcodes extends FrameReservedCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }

        @Nested
        class Fragmentation extends FrameFragmentationCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }

        @Nested
        class Close extends FrameCloseCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }

        @Nested
        class CloseCodes extends FrameCloseCodeCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }

        @Nested
        class Volume extends FrameVolumeCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.DIRECT);
            }
        }
    }

    @Nested
    class OnJettysEngine {
        @Nested
        class Lengths extends FrameLengthCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }

        @Nested
        class ReservedBitsAndOpcodes extends FrameReservedCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }

        @Nested
        class Fragmentation extends FrameFragmentationCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }

        @Nested
        class Close extends FrameCloseCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }

        @Nested
        class CloseCodes extends FrameCloseCodeCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }

        @Nested
        class Volume extends FrameVolumeCases {
            @Override
            protected FrameRig newRig() {
                return new FrameServerRig(WebSocketEngine.JETTY);
            }
        }
    }
}
